export * from "./media-info.js";
export * from "./rendition.js";
