import { attachWith } from "./attach.js";
import { videojs } from "./players/videojs.js";

export * from "./types.js";
export const attach = /* @__PURE__ */ attachWith(videojs);
