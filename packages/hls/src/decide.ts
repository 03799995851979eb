import { audioRenditions } from "./audio-renditions.js";
import { openContainer, playsDirectly } from "./direct.js";
import type { AudioStream, MediaInfo } from "./media-info.js";
import type { PlaybackPlan, Rendition } from "./rendition.js";
import { evenPlan } from "./segment-plan.js";
import { videoRenditions } from "./video-renditions.js";

export interface DecideOptions {
  /** `hls`: playlists even where the file itself would do. */
  readonly prefer?: "hls";
}

/**
 * Decides, stream by stream, how a file reaches a browser: as it is, repackaged, or converted.
 *
 * @param supported the codec strings of the file that the browser says it plays (`MediaSource.isTypeSupported`).
 */
export function decide(info: MediaInfo, supported: ReadonlySet<string>, options: DecideOptions = {}): PlaybackPlan {
  const [video] = info.video;
  const audio = defaultFirst(info.audio);
  const played = [video, audio[0]].filter((stream) => stream !== undefined);
  if (played.length === 0) throw new RangeError("The file has neither video nor audio");

  if (options.prefer !== "hls" && playsDirectly(info, played, supported)) {
    const reason = `This browser plays the ${openContainer(info, played) ?? ""} file as it is.`;
    return { delivery: "direct", reasons: [reason], video: [], audio: [] };
  }

  const videos = video === undefined ? [] : videoRenditions(info, video, supported);
  const base = videos[0]?.plan ?? evenPlan(info.durationMs / 1000);
  const audios = audioRenditions(info, audio, supported, base);
  const renditions: readonly Rendition[] = [...videos, ...audios];
  return {
    delivery: renditions.some(({ mode }) => mode === "transcode") ? "transcode" : "copy",
    reasons: [...new Set(renditions.map(({ reason }) => reason))],
    video: videos,
    audio: audios,
  };
}

function defaultFirst(streams: readonly AudioStream[]): readonly AudioStream[] {
  const first = streams.find(({ isDefault }) => isDefault) ?? streams[0];
  return first === undefined ? [] : [first, ...streams.filter((stream) => stream !== first)];
}
