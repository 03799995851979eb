import { attachWith } from "./attach.js";
import { hlsjs } from "./players/hlsjs/engine.js";

export { TelemetryPlugin } from "./telemetry-plugin.js";
export * from "./types.js";
export const attach = /* @__PURE__ */ attachWith(hlsjs);
