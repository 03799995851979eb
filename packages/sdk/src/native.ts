import { attachWith } from "./attach.js";

export * from "./types.js";
/** The element alone: a file, or the browser's own HLS. */
export const attach = /* @__PURE__ */ attachWith();
