import { attachWith } from "./attach.js";
import { dashjs } from "./players/dashjs.js";

export * from "./types.js";
export const attach = /* @__PURE__ */ attachWith(dashjs);
