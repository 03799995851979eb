import { audioRenditions } from "./audio-renditions.js";
import { openContainer, playsDirectly } from "./direct.js";
import { fileSuffices, type ViewerMeans } from "./first-rung.js";
import type { AudioStream, MediaInfo } from "./media-info.js";
import type { BurntSubtitle, PlaybackPlan, Rendition } from "./rendition.js";
import { evenPlan } from "./segment-plan.js";
import { type SideSubtitle, subtitleRenditions } from "./subtitles/subtitle-renditions.js";
import { videoRenditions } from "./video-renditions.js";

export interface DecideOptions {
  /** `hls`: playlists even where the file itself would do. */
  readonly prefer?: "hls";
  /** A file that plays as it is yields to the ladder where it asks too much of the network, or the viewer for less. */
  readonly means?: ViewerMeans;
  /** Index of a bitmap subtitle stream to be drawn into the picture. */
  readonly burnSubtitle?: number;
  /** Subtitle files beside the film. */
  readonly sideSubtitles?: readonly SideSubtitle[];
}

/**
 * Decides, stream by stream, how a file reaches a browser: as it is, repackaged, or converted.
 *
 * @param supported the codec strings of the file that the browser says it plays (`MediaSource.isTypeSupported`).
 * @throws {RangeError} when the file has neither video nor audio, or not the bitmap subtitles that are to be drawn.
 */
export function decide(info: MediaInfo, supported: ReadonlySet<string>, options: DecideOptions = {}): PlaybackPlan {
  const [video] = info.video;
  const audio = defaultFirst(info.audio);
  const played = [video, audio[0]].filter((stream) => stream !== undefined);
  if (played.length === 0) throw new RangeError("The file has neither video nor audio");

  const burnt = burntSubtitle(info, options.burnSubtitle);
  const means = options.means ?? {};
  const isShown = video === undefined || video.hdr === null || means.hdr !== false;
  const mayBeDirect = options.prefer !== "hls" && burnt === undefined && isShown && fileSuffices(info, video, means);
  if (mayBeDirect && playsDirectly(info, played, supported)) {
    const reason = `This browser plays the ${openContainer(info, played) ?? ""} file as it is.`;
    return { delivery: "direct", reasons: [reason], video: [], audio: [], subtitles: [] };
  }

  const videos = video === undefined ? [] : videoRenditions(info, video, supported, { isShown, burnt });
  const base = videos[0]?.plan ?? evenPlan(info.durationMs / 1000);
  const audios = audioRenditions(info, audio, supported, base);
  // The other rungs are made only when somebody asks for them.
  const usual: readonly Rendition[] = [...videos.slice(0, 1), ...audios];
  return {
    delivery: usual.some(({ mode }) => mode === "transcode") ? "transcode" : "copy",
    reasons: [...new Set(usual.map(({ reason }) => reason))],
    video: videos,
    audio: audios,
    subtitles: subtitleRenditions(info, options.sideSubtitles ?? []),
  };
}

function burntSubtitle(info: MediaInfo, index: number | undefined): BurntSubtitle | undefined {
  if (index === undefined) return undefined;
  const stream = info.subtitles.find((each) => each.index === index && each.kind === "bitmap");
  if (stream === undefined) throw new RangeError(`The file has no bitmap subtitles at ${index}`);
  return { streamIndex: stream.index, codec: stream.codec };
}

function defaultFirst(streams: readonly AudioStream[]): readonly AudioStream[] {
  const first = streams.find(({ isDefault }) => isDefault) ?? streams[0];
  return first === undefined ? [] : [first, ...streams.filter((stream) => stream !== first)];
}
