import type { AudioStream, Chapter, SubtitleStream, VideoStream } from "@playhead/hls";
import { codecStringOf } from "./codec-string.js";
import { type FfprobeReport, type FfprobeStream, seconds, tag } from "./ffprobe-report.js";

/** Codecs of pictures: a stream of one of these with a single frame is a cover, not a film. */
const pictureCodecs = new Set(["mjpeg", "png", "bmp", "gif", "webp", "tiff", "jpeg2000"]);
const bitmapSubtitles = new Set(["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub", "dvb_teletext"]);

/** Real and average rate of a steady film differ by the rounding of its last frame only. */
const STEADY = 0.002;
const MAX_FRAME_RATE = 480;

/** ffprobe's seconds as ms, to the microsecond that it tells. */
export const milliseconds = (s: number): number => Math.round(s * 1e6) / 1e3;

export function videoStreams(report: FfprobeReport): readonly VideoStream[] {
  return report.streams.filter((s) => s.codec_type === "video" && !isPicture(s)).map(videoStream);
}

export function audioStreams(report: FfprobeReport): readonly AudioStream[] {
  return report.streams
    .filter((s) => s.codec_type === "audio")
    .map((s) => ({
      ...streamFacts(s),
      channels: s.channels ?? 0,
      sampleRate: seconds(s.sample_rate) ?? 0,
      profile: s.profile ?? null,
    }));
}

export function subtitleStreams(report: FfprobeReport): readonly SubtitleStream[] {
  return report.streams
    .filter((s) => s.codec_type === "subtitle")
    .map((s) => ({
      ...streamFacts(s),
      kind: bitmapSubtitles.has(s.codec_name ?? "") ? "bitmap" : "text",
      forced: s.disposition?.["forced"] === 1 || /\bforced\b/i.test(tag(s.tags, "title") ?? ""),
      hearingImpaired: s.disposition?.["hearing_impaired"] === 1 || /\b(SDH|CC)\b/.test(tag(s.tags, "title") ?? ""),
    }));
}

export function chaptersOf(report: FfprobeReport): readonly Chapter[] {
  return (report.chapters ?? []).flatMap((chapter, i) => {
    const start = seconds(chapter.start_time);
    const end = seconds(chapter.end_time);
    if (start === null || end === null || end < start) return [];
    const title = tag(chapter.tags, "title") ?? `Chapter ${i + 1}`;
    return [{ title, startMs: milliseconds(start), endMs: milliseconds(end) }];
  });
}

/** Cover art, chapter thumbnails and single images: they have no time to play for. */
function isPicture(s: FfprobeStream): boolean {
  const d = s.disposition;
  if (d?.["attached_pic"] === 1 || d?.["still_image"] === 1 || d?.["timed_thumbnails"] === 1) return true;
  return pictureCodecs.has(s.codec_name ?? "") && (s.nb_frames === "1" || fraction(s.avg_frame_rate) === null);
}

function streamFacts(s: FfprobeStream) {
  const start = seconds(s.start_time);
  const duration = seconds(s.duration) ?? clock(tag(s.tags, "DURATION", "DURATION-eng"));
  const language = tag(s.tags, "language");
  return {
    index: s.index,
    codec: s.codec_name ?? "unknown",
    codecString: codecStringOf(s),
    // mkvmerge writes the bit rate as a statistics tag; the container itself has none.
    bitrateBps: seconds(s.bit_rate) ?? seconds(tag(s.tags, "BPS", "BPS-eng") ?? undefined),
    startTimeMs: start === null ? null : milliseconds(start),
    durationMs: duration === null ? null : milliseconds(duration),
    language: language === "und" ? null : language,
    title: tag(s.tags, "title"),
    isDefault: s.disposition?.["default"] === 1,
  };
}

function videoStream(s: FfprobeStream): VideoStream {
  const interlaced = ["tt", "bb", "tb", "bt"].includes(s.field_order ?? "");
  const average = fraction(s.avg_frame_rate);
  const real = fraction(s.r_frame_rate);
  const steady = average !== null && real !== null && isSteady(average, real, interlaced);
  return {
    ...streamFacts(s),
    width: s.width ?? 0,
    height: s.height ?? 0,
    // A steady film's real rate is the exact fraction; its average is off by the rounding of its last frame.
    frameRate: plausible(steady && !interlaced ? real : average) ?? plausible(real),
    variableFrameRate: average !== null && real !== null && !steady,
    bitDepth: bitDepthOf(s),
    pixelFormat: s.pix_fmt ?? null,
    rotation: rotationOf(s),
    sampleAspectRatio: fraction(s.sample_aspect_ratio?.replace(":", "/")) ?? { num: 1, den: 1 },
    interlaced,
    hdr: hdrOf(s),
    reorderDepth: s.has_b_frames ?? 0,
    ...colourOf(s),
  };
}

interface Fraction {
  readonly num: number;
  readonly den: number;
}

/** `24000/1001`; null for `0/0`, `0:1` and `N/A`. */
function fraction(text: string | undefined): Fraction | null {
  const [num, den] = (text ?? "").split("/").map(Number);
  return num !== undefined && den !== undefined && num > 0 && den > 0 ? { num, den } : null;
}

const value = ({ num, den }: Fraction) => num / den;
const plausible = (rate: Fraction | null) => (rate !== null && value(rate) <= MAX_FRAME_RATE ? rate : null);

/** An interlaced film's real rate may count fields. */
function isSteady(average: Fraction, real: Fraction, interlaced: boolean): boolean {
  const ratio = value(real) / value(average);
  return Math.abs(ratio - 1) <= STEADY || (interlaced && Math.abs(ratio / 2 - 1) <= STEADY);
}

/** From the pixel format's name (`yuv420p10le`, `p010le`, `gray12le`), else from what the codec says; 8 else. */
function bitDepthOf(s: FfprobeStream): number {
  const named = /(?:p|gray|rgb|bgr|rgba)0?(9|10|12|14|16)(?:le|be)?$/.exec(s.pix_fmt ?? "")?.[1];
  if (named !== undefined) return Number(named);
  const raw = seconds(s.bits_per_raw_sample);
  return raw !== null && raw >= 8 && raw <= 16 && s.pix_fmt === undefined ? raw : 8;
}

/** ffprobe's angle runs counter-clockwise; phones' films have -90, which is 90 clockwise. */
function rotationOf(s: FfprobeStream): number {
  const fromMatrix = s.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const clockwise = fromMatrix === undefined ? Number(tag(s.tags, "rotate") ?? 0) : -fromMatrix;
  const quarters = Number.isFinite(clockwise) ? Math.round(clockwise / 90) : 0;
  return (((quarters % 4) + 4) % 4) * 90;
}

function colourOf(s: FfprobeStream): Pick<VideoStream, "colour"> {
  const told = (text: string | undefined) => (text === undefined || /^(unknown|reserved)$/.test(text) ? null : text);
  const range = s.color_range === "pc" ? "full" : s.color_range === "tv" ? "limited" : null;
  const [primaries, transfer, matrix] = [s.color_primaries, s.color_transfer, s.color_space].map(told);
  if (!primaries && !transfer && !matrix && range === null) return {};
  return { colour: { primaries: primaries ?? null, transfer: transfer ?? null, matrix: matrix ?? null, range } };
}

/** By the transfer function. Dolby Vision profile 5 has PQ in a colour space of its own and tags nothing. */
function hdrOf(s: FfprobeStream): "pq" | "hlg" | null {
  if (s.color_transfer === "smpte2084") return "pq";
  if (s.color_transfer === "arib-std-b67") return "hlg";
  return s.side_data_list?.some((data) => data.dv_profile === 5) ? "pq" : null;
}

/** `01:20:00.042000000` in seconds. */
function clock(text: string | null): number | null {
  const parts = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? "");
  return parts ? Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3]) : null;
}
