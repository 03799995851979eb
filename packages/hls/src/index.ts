export * from "./media-info.js";
