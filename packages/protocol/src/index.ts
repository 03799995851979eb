export * from "./batch.js";
export * from "./check-event.js";
export * from "./context.js";
export * from "./event.js";
export * from "./playback.js";
export * from "./record.js";
export { MAX_CONTEXT_CHARS } from "./wires/canonical.js";
export { decodeTelemetry } from "./wires/decode.js";
export type { Telemetry, TelemetryError, WireFormat, WireRecord, WireRejection } from "./wires/wire-record.js";
