import { attachWith } from "./attach.js";
import { shaka } from "./players/shaka.js";

export * from "./types.js";
export const attach = /* @__PURE__ */ attachWith(shaka);
