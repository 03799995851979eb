import { attachWith } from "./attach.js";
import type { AttachOptions, Handle } from "./options.js";
import { hlsjs } from "./players/hlsjs/engine.js";
import type { HlsLike } from "./players/hlsjs/hls-like.js";

/** The first collector's way in: `new TelemetryPlugin(hls, video, "viewer123")` watches from there on. */
export class TelemetryPlugin {
  readonly handle: Handle;

  constructor(hls: HlsLike, video: HTMLVideoElement, viewerId?: string, options: AttachOptions = {}) {
    const viewer = viewerId === undefined ? {} : { viewerId };
    this.handle = attachWith(hlsjs)(video, { ...options, ...viewer, engine: hls });
  }
}
