export * from "./alert-store.js";
export * from "./event-store.js";
export * from "./library-store.js";
export * from "./logger.js";
export * from "./store.js";
export * from "./view-store.js";
export * from "./work-store.js";
