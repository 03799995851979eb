import type { AudioStream, MediaInfo, VideoStream } from "./media-info.js";

const webmCodecs = new Set(["vp8", "vp9", "av1", "vorbis", "opus"]);

/** What a browser calls the container of a file that it can open by itself; null when it can't. */
export function openContainer(info: MediaInfo, streams: readonly (VideoStream | AudioStream)[]): "MP4" | "WebM" | null {
  if (info.container === "mp4" || info.container === "mov") return "MP4";
  if (info.container === "webm" && streams.every(({ codec }) => webmCodecs.has(codec))) return "WebM";
  return null;
}

/** Whether the file itself may be played as it is; `streams` are those that a browser would play. */
export function playsDirectly(
  info: MediaInfo,
  streams: readonly (VideoStream | AudioStream)[],
  supported: ReadonlySet<string>,
): boolean {
  return (
    openContainer(info, streams) !== null &&
    streams.every(({ codecString }) => codecString !== null && supported.has(codecString))
  );
}
