import { fpsOf } from "./frame-rate.js";
import type {
  AudioRendition,
  PlaybackPlan,
  Rendition,
  SegmentPlan,
  SubtitleRendition,
  VideoRendition,
} from "./rendition.js";

/** Fragmented MP4 wants 6 (RFC 8216 §7); 7 is what Apple's authoring rules name for it. */
const VERSION = 7;
const AUDIO_GROUP = "audio";
const SUBTITLE_GROUP = "subtitles";

/**
 * The master playlist. URIs are relative to it: `<rendition id>/index.m3u8`.
 * @throws {RangeError} when the plan has no renditions, as a direct one.
 */
export function masterPlaylist(plan: PlaybackPlan): string {
  const { video, audio, subtitles } = plan;
  const lines = ["#EXTM3U", `#EXT-X-VERSION:${VERSION}`, "#EXT-X-INDEPENDENT-SEGMENTS"];
  // Sound alone is the variant itself; the group is there only when there is a choice.
  const grouped = video.length > 0 ? audio.length > 0 : audio.length > 1;
  if (grouped) lines.push(...audio.map(audioMedia));
  lines.push(...subtitles.map(subtitleMedia));
  const [firstAudio] = audio;
  const variants: readonly Rendition[] = video.length > 0 ? video : firstAudio === undefined ? [] : [firstAudio];
  if (variants.length === 0) throw new RangeError("A plan without renditions has no playlist");
  for (const variant of variants) {
    lines.push(streamInf(variant, audio, grouped, subtitles.length > 0), uriOf(variant));
  }
  return `${lines.join("\n")}\n`;
}

/** The whole rendition at once: what is listed is what will be delivered. Segment URIs: `init.mp4`, `0.m4s`, `1.m4s`, … */
export const mediaPlaylist = ({ plan }: Rendition): string =>
  listing(plan, ["#EXT-X-INDEPENDENT-SEGMENTS", '#EXT-X-MAP:URI="init.mp4"'], "m4s");

/** The same for subtitles. Segment URIs: `0.vtt`, `1.vtt`, … */
export const subtitlePlaylist = ({ plan }: SubtitleRendition): string => listing(plan, [], "vtt");

function listing({ boundaries }: SegmentPlan, head: readonly string[], ending: string): string {
  // Differences of rounded times, not rounded differences: their sum never drifts from the plan.
  const micros = boundaries.map((boundary) => Math.round(boundary * 1e6));
  const durations = micros.slice(1).map((end, i) => end - (micros[i] ?? 0));
  // RFC 8216 §4.3.3.1: no duration, rounded to whole seconds, may exceed it.
  const target = Math.max(1, ...durations.map((duration) => Math.round(duration / 1e6)));
  return [
    "#EXTM3U",
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${target}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    ...head,
    ...durations.flatMap((duration, i) => [`#EXTINF:${(duration / 1e6).toFixed(6)},`, `${i}.${ending}`]),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

const uriOf = ({ id }: Rendition | SubtitleRendition): string => `${id}/index.m3u8`;

function streamInf(
  variant: Rendition,
  audio: readonly AudioRendition[],
  grouped: boolean,
  hasSubtitles: boolean,
): string {
  // Sound alone is its own group.
  const own = variant.kind === "video" ? variant : { bandwidthBps: 0, averageBandwidthBps: 0 };
  const average = sum(
    own.averageBandwidthBps,
    most(audio, (r) => r.averageBandwidthBps),
  );
  const codecs = new Set([variant.codecString, ...audio.map(({ codecString }) => codecString)]);
  const attributes = [
    `BANDWIDTH=${own.bandwidthBps + (most(audio, (r) => r.bandwidthBps) ?? 0)}`,
    ...(average === undefined ? [] : [`AVERAGE-BANDWIDTH=${average}`]),
    `CODECS=${quoted([...codecs].join(","))}`,
    ...(variant.kind === "video" ? pictureAttributes(variant) : []),
    ...(grouped ? [`AUDIO=${quoted(AUDIO_GROUP)}`] : []),
    ...(hasSubtitles ? [`SUBTITLES=${quoted(SUBTITLE_GROUP)}`] : []),
  ];
  return `#EXT-X-STREAM-INF:${attributes.join(",")}`;
}

function pictureAttributes({ width, height, frameRate, hdr }: VideoRendition): readonly string[] {
  return [
    `RESOLUTION=${width}x${height}`,
    ...(frameRate === null ? [] : [`FRAME-RATE=${fpsOf(frameRate).toFixed(3)}`]),
    ...(hdr === undefined ? [] : [`VIDEO-RANGE=${hdr.toUpperCase()}`]),
  ];
}

function audioMedia(rendition: AudioRendition): string {
  const attributes = [
    "TYPE=AUDIO",
    `GROUP-ID=${quoted(AUDIO_GROUP)}`,
    `NAME=${quoted(rendition.name)}`,
    ...(rendition.language === null ? [] : [`LANGUAGE=${quoted(rendition.language)}`]),
    `DEFAULT=${rendition.isDefault ? "YES" : "NO"}`,
    "AUTOSELECT=YES",
    `CHANNELS=${quoted(String(rendition.channels))}`,
    `URI=${quoted(uriOf(rendition))}`,
  ];
  return `#EXT-X-MEDIA:${attributes.join(",")}`;
}

function subtitleMedia(rendition: SubtitleRendition): string {
  const attributes = [
    "TYPE=SUBTITLES",
    `GROUP-ID=${quoted(SUBTITLE_GROUP)}`,
    `NAME=${quoted(rendition.name)}`,
    ...(rendition.language === null ? [] : [`LANGUAGE=${quoted(rendition.language)}`]),
    `DEFAULT=${rendition.isDefault ? "YES" : "NO"}`,
    "AUTOSELECT=YES",
    `FORCED=${rendition.forced ? "YES" : "NO"}`,
    // What Apple's players look for in tracks for the deaf and hard of hearing.
    ...(rendition.hearingImpaired ? [`CHARACTERISTICS=${quoted(DEAF_AND_HARD_OF_HEARING)}`] : []),
    `URI=${quoted(uriOf(rendition))}`,
  ];
  return `#EXT-X-MEDIA:${attributes.join(",")}`;
}

const DEAF_AND_HARD_OF_HEARING =
  "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound";

/** A quoted string can hold neither quotes nor line breaks, and has no escape (RFC 8216 §4.2). */
const quoted = (text: string): string => `"${text.replaceAll('"', "'").replace(/[\r\n\u2028\u2029]+/g, " ")}"`;

/** The variant's bit rate counts the most demanding rendition of its group (RFC 8216 §4.3.4.2). */
function most(
  renditions: readonly AudioRendition[],
  rate: (r: AudioRendition) => number | undefined,
): number | undefined {
  const rates = renditions.map(rate);
  const known = rates.filter((r) => r !== undefined);
  if (known.length < rates.length) return undefined;
  return Math.max(0, ...known);
}

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;
