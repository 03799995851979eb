import type { FfprobeStream } from "./ffprobe-report.js";

/** profile_idc and constraint flags of ffprobe's profile names (ITU-T H.264 A.2). */
const h264Profiles = new Map([
  ["Constrained Baseline", "42e0"],
  ["Baseline", "4200"],
  ["Main", "4d40"],
  ["Extended", "5800"],
  ["High", "6400"],
  ["High 10", "6e00"],
  ["High 4:2:2", "7a00"],
  ["High 4:4:4 Predictive", "f400"],
]);
/** Audio object types (ISO/IEC 14496-3 table 1.1). */
const aacObjectTypes = new Map([
  ["Main", 1],
  ["LC", 2],
  ["HE-AAC", 5],
  ["HE-AACv2", 29],
]);
const plain = new Map([
  ["ac3", "ac-3"],
  ["eac3", "ec-3"],
  ["flac", "flac"],
  ["mp3", "mp3"],
  ["opus", "opus"],
  ["vorbis", "vorbis"],
  ["vp8", "vp8"],
]);

/**
 * The RFC 6381 string as far as ffprobe's facts tell it, for files that the packager can't read: what the browser says
 * to it then gives the true reason for a transcode. Null for other codecs.
 */
export function codecStringOf({ codec_name: codec, profile = "", level }: FfprobeStream): string | null {
  if (codec === "h264") {
    const start = h264Profiles.get(profile);
    return start === undefined || level === undefined ? null : `avc1.${start}${level.toString(16).padStart(2, "0")}`;
  }
  if (codec === "aac") {
    const type = aacObjectTypes.get(profile);
    return type === undefined ? null : `mp4a.40.${type}`;
  }
  return plain.get(codec ?? "") ?? null;
}
