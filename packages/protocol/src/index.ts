export * from "./batch.js";
export * from "./context.js";
export * from "./event.js";
export * from "./playback.js";
export * from "./record.js";
