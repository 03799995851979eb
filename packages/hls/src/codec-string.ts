/** What ffprobe tells of a stream's coding. */
export interface CodecFacts {
  /** ffmpeg's name: `h264`, `aac`. */
  readonly codec: string;
  /** ffprobe's words: `High`, `Main 10`, `LC`. */
  readonly profile?: string | null;
  /** ffprobe's number: 40 for H.264's 4.0, 120 for HEVC's 4, the index for AV1; ≤ 0 for unknown. */
  readonly level?: number | null;
  readonly bitDepth?: number;
  /** Of video; where the codec's own level is not told it is reckoned from them. */
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number | null;
}

/**
 * The codec string (RFC 6381) of a stream, for containers that nothing here can read it from.
 * Strings that differ from the stream only in what no browser looks at (constraint flags) do no harm.
 *
 * @returns null where the facts don't tell, or browsers know no such codec.
 */
export function codecStringFromFacts(facts: CodecFacts): string | null {
  const make = makers[facts.codec];
  return make === undefined ? null : make(facts);
}

const makers: Readonly<Record<string, (facts: CodecFacts) => string | null>> = {
  h264,
  hevc,
  vp8: () => "vp8",
  vp9,
  av1,
  aac,
  // mp4a.40.34 would be right by the letter, but Chromium answers no to it and yes to `mp3` for the same file.
  mp3: () => "mp3",
  ac3: () => "ac-3",
  eac3: () => "ec-3",
  opus: () => "opus",
  flac: () => "flac",
  vorbis: () => "vorbis",
};

const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const two = (n: number) => String(n).padStart(2, "0");

/** profile_idc and constraint flags, ITU-T H.264 annex A.2. */
const h264Profiles: Readonly<Record<string, readonly [number, number]>> = {
  "Constrained Baseline": [66, 0x40],
  Baseline: [66, 0],
  Main: [77, 0],
  Extended: [88, 0],
  High: [100, 0],
  "High 10": [110, 0],
  "High 10 Intra": [110, 0x10],
  "High 4:2:2": [122, 0],
  "High 4:2:2 Intra": [122, 0x10],
  "High 4:4:4 Predictive": [244, 0],
};

/** `avc1.PPCCLL`, ISO/IEC 14496-15 annex E. */
function h264({ profile, level }: CodecFacts): string | null {
  const known = h264Profiles[profile ?? ""];
  return known === undefined || !level || level < 0 ? null : `avc1.${[...known, level].map(hex).join("")}`;
}

/** Profile and its compatibility flags in reverse bit order, ISO/IEC 14496-15 annex E.3. */
const hevcProfiles: Readonly<Record<string, string>> = { Main: "1.6", "Main 10": "2.4", Rext: "4.10" };

/** Main tier; progressive, frames only (0x90). */
function hevc({ profile, level }: CodecFacts): string | null {
  const known = hevcProfiles[profile ?? ""];
  return known === undefined || !level || level < 0 ? null : `hvc1.${known}.L${level}.90`;
}

/** Level, samples a second and a picture at most: VP9 bitstream levels. */
const vp9Levels: readonly (readonly [number, number, number])[] = [
  [10, 829_440, 36_864],
  [11, 2_764_800, 73_728],
  [20, 4_608_000, 122_880],
  [21, 9_216_000, 245_760],
  [30, 20_736_000, 552_960],
  [31, 36_864_000, 983_040],
  [40, 83_558_400, 2_228_224],
  [41, 160_432_128, 2_228_224],
  [50, 311_951_360, 8_912_896],
  [51, 588_251_136, 8_912_896],
  [52, 1_176_502_272, 8_912_896],
  [60, 1_176_502_272, 35_651_584],
  [61, 2_353_004_544, 35_651_584],
  [62, 4_706_009_088, 35_651_584],
];

/** `vp09.PP.LL.DD`, VP codec ISO media file format binding. */
function vp9({ profile, level, bitDepth = 8, width, height, fps }: CodecFacts): string | null {
  const number = /^(?:Profile )?([0-3])$/.exec(profile ?? "")?.[1] ?? (bitDepth > 8 ? "2" : "0");
  if (level && level > 0) return `vp09.0${number}.${two(level)}.${two(bitDepth)}`;
  if (!width || !height) return null;
  const area = width * height;
  const row = vp9Levels.find(([, rate, size]) => area <= size && area * (fps ?? 30) <= rate);
  return `vp09.0${number}.${row?.[0] ?? 62}.${two(bitDepth)}`;
}

const av1Profiles: Readonly<Record<string, number>> = { Main: 0, High: 1, Professional: 2 };

/** `av01.P.LLT.DD`, AV1 codec ISO media file format binding §5; main tier. Level index 8 is 4.0. */
function av1({ profile, level, bitDepth = 8 }: CodecFacts): string | null {
  const known = av1Profiles[profile ?? "Main"];
  if (known === undefined || level === undefined || level === null || level < 0 || level > 31) return null;
  return `av01.${known}.${two(level)}M.${two(bitDepth)}`;
}

/** Audio object types, ISO/IEC 14496-3 table 1.17. */
const aacObjectTypes: Readonly<Record<string, number>> = {
  Main: 1,
  LC: 2,
  SSR: 3,
  LTP: 4,
  "HE-AAC": 5,
  "HE-AACv2": 29,
};

function aac({ profile }: CodecFacts): string | null {
  const type = aacObjectTypes[profile ?? "LC"];
  return type === undefined ? null : `mp4a.40.${type}`;
}
