export { attach } from "./attach.js";
export type { AttachOptions, Handle, PageError, Stats, ViewContext } from "./options.js";
export type { HlsLike } from "./players/hlsjs/hls-like.js";
