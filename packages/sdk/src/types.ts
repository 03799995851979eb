export type { Attach } from "./attach.js";
export type { AttachOptions, Handle, PageError, Stats, ViewContext } from "./options.js";
