export * from "./event-store.js";
export * from "./library-store.js";
export * from "./store.js";
export * from "./view-store.js";
