import { attachWith } from "./attach.js";
import { dashjs } from "./players/dashjs.js";
import { hlsjs } from "./players/hlsjs/engine.js";
import { shaka } from "./players/shaka.js";
import { videojs } from "./players/videojs.js";

export { TelemetryPlugin } from "./telemetry-plugin.js";
export * from "./types.js";
/** Knows all libraries; `@playhead/sdk/hlsjs` and its like know one each, and are that much smaller. */
export const attach = /* @__PURE__ */ attachWith(hlsjs, shaka, dashjs, videojs);
