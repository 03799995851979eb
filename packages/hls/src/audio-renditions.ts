import { audioNames, languageTag } from "./audio-naming.js";
import { codecName } from "./codec-names.js";
import type { AudioStream, MediaInfo } from "./media-info.js";
import type { AudioRendition, SegmentPlan } from "./rendition.js";
import { audioCopyPlan, audioTranscodePlan } from "./segment-plan.js";

/** Codecs that the in-process packager writes into fragmented MP4, and that some browser reads there. */
const inFragmentedMp4 = new Set(["aac", "opus", "mp3", "ac3", "eac3", "flac"]);

/** Stereo AAC-LC that few can tell from its source. */
const AAC_BITRATE_BPS = 160_000;
/** What an audio stream is taken for when its file does not tell; a playlist must name a number. */
const UNKNOWN_BITRATE_BPS = 256_000;
/** Of a copied stream: frames vary in size. */
const PEAK_FACTOR = 1.2;
/** Of ffmpeg's AAC: its rate control keeps to the average only in the long run. */
const AAC_PEAK_FACTOR = 1.25;

/** One rendition for each stream. @param streams the default first. @param base plan of the video, or an even one. */
export function audioRenditions(
  info: MediaInfo,
  streams: readonly AudioStream[],
  supported: ReadonlySet<string>,
  base: SegmentPlan,
): readonly AudioRendition[] {
  const names = audioNames(streams);
  const durationS = info.durationMs / 1000;
  return streams.map((stream, i): AudioRendition => {
    const shape = {
      kind: "audio",
      streamIndex: stream.index,
      language: languageTag(stream.language),
      name: names[i] ?? `Audio ${i + 1}`,
      isDefault: i === 0,
    } as const;
    const obstacle = obstacleToCopy(info, stream, supported);
    if (obstacle === null) {
      const average = stream.bitrateBps ?? UNKNOWN_BITRATE_BPS;
      return {
        ...shape,
        mode: "copy",
        id: `a${stream.index}-copy`,
        codecString: stream.codecString ?? "",
        channels: stream.channels,
        bandwidthBps: Math.round(average * PEAK_FACTOR),
        ...(stream.bitrateBps === null ? {} : { averageBandwidthBps: Math.round(stream.bitrateBps) }),
        plan: audioCopyPlan(base, durationS),
        reason: `Audio is ${codecName(stream.codec)}, which this browser plays, so it is repackaged without loss.`,
      };
    }
    return {
      ...shape,
      mode: "transcode",
      id: `a${stream.index}-aac`,
      codecString: "mp4a.40.2",
      channels: 2,
      bandwidthBps: Math.round(AAC_BITRATE_BPS * AAC_PEAK_FACTOR),
      averageBandwidthBps: AAC_BITRATE_BPS,
      ...audioTranscodePlan(base, durationS, `aac${AAC_BITRATE_BPS / 1000}k`),
      bitrateBps: AAC_BITRATE_BPS,
      reason: `${obstacle}, so it is converted to AAC.`,
    };
  });
}

/** Why a stream can't be copied, up to where a sentence goes on with "so"; null when it can. */
function obstacleToCopy(
  info: MediaInfo,
  { codec, codecString }: AudioStream,
  supported: ReadonlySet<string>,
): string | null {
  const name = codecName(codec);
  if (codecString === null || !supported.has(codecString)) return `Audio is ${name}, which this browser does not play`;
  if (!inFragmentedMp4.has(codec)) return `Audio is ${name}, which HLS can't carry`;
  if (!info.packageable) return `Audio is in a container (${info.container}) that can't be repackaged on request`;
  return null;
}
