import Type, { type Static } from "typebox";
import { Value } from "typebox/value";

const opt = Type.Optional;
const Text = Type.String();
const Num = Type.Number();
const Tags = Type.Record(Text, Text);

/** One stream as `ffprobe -of json -show_streams` tells it: only what we read. */
const FfprobeStream = Type.Object({
  index: Type.Integer(),
  codec_name: opt(Text),
  codec_type: opt(Text),
  codec_tag_string: opt(Text),
  profile: opt(Text),
  level: opt(Num),
  width: opt(Num),
  height: opt(Num),
  pix_fmt: opt(Text),
  bits_per_raw_sample: opt(Text),
  sample_aspect_ratio: opt(Text),
  field_order: opt(Text),
  color_transfer: opt(Text),
  color_primaries: opt(Text),
  color_space: opt(Text),
  color_range: opt(Text),
  has_b_frames: opt(Num),
  r_frame_rate: opt(Text),
  avg_frame_rate: opt(Text),
  start_time: opt(Text),
  duration: opt(Text),
  bit_rate: opt(Text),
  nb_frames: opt(Text),
  channels: opt(Num),
  sample_rate: opt(Text),
  disposition: opt(Type.Record(Text, Num)),
  tags: opt(Tags),
  side_data_list: opt(Type.Array(Type.Object({ side_data_type: opt(Text), rotation: opt(Num), dv_profile: opt(Num) }))),
});
export type FfprobeStream = Static<typeof FfprobeStream>;

const FfprobeReport = Type.Object({
  format: Type.Object({
    format_name: Text,
    start_time: opt(Text),
    duration: opt(Text),
    bit_rate: opt(Text),
    tags: opt(Tags),
  }),
  streams: Type.Array(FfprobeStream),
  chapters: opt(Type.Array(Type.Object({ start_time: opt(Text), end_time: opt(Text), tags: opt(Tags) }))),
});
export type FfprobeReport = Static<typeof FfprobeReport>;

/** Opens ffprobe's JSON. @throws {SyntaxError} when it is not what ffprobe writes about a media file. */
export function parseReport(json: string): FfprobeReport {
  const value: unknown = JSON.parse(json);
  if (Value.Check(FfprobeReport, value)) return value;
  throw new SyntaxError("ffprobe's answer has not the expected shape");
}

/** ffprobe's decimal seconds; null for `N/A` and whatever else is no number. */
export function seconds(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A tag by its name, whatever its case, with a value that is not empty. */
export function tag(tags: Readonly<Record<string, string>> | undefined, ...names: readonly string[]): string | null {
  for (const name of names) {
    for (const [key, value] of Object.entries(tags ?? {})) {
      // PostgreSQL keeps no NUL, and nobody reads the other control characters.
      const clean = value.replaceAll(/\p{Cc}+/gu, " ").trim();
      if (key.toLowerCase() === name.toLowerCase() && clean !== "") return clean;
    }
  }
  return null;
}
