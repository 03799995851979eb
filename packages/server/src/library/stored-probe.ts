import type { MediaInfo } from "@playhead/hls";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import type { SideSubtitleFile } from "./side-subtitles/side-subtitle.js";

/** Grows when a probe would find other facts than before: what is kept is then probed anew. */
const VERSION = 4;

const Text = Type.String();
const Num = Type.Number();
const MaybeNum = Type.Union([Num, Type.Null()]);
const MaybeText = Type.Union([Text, Type.Null()]);
const Bool = Type.Boolean();
const Fraction = Type.Object({ num: Num, den: Num });

const stream = {
  index: Num,
  codec: Text,
  codecString: MaybeText,
  bitrateBps: MaybeNum,
  startTimeMs: MaybeNum,
  durationMs: MaybeNum,
  language: MaybeText,
  title: MaybeText,
  isDefault: Bool,
};

/** `MediaInfo` as it lies in the store. */
const StoredInfo = Type.Object({
  container: Text,
  durationMs: Num,
  startTimeMs: Num,
  sizeBytes: Num,
  bitrateBps: MaybeNum,
  video: Type.Array(
    Type.Object({
      ...stream,
      width: Num,
      height: Num,
      frameRate: Type.Union([Fraction, Type.Null()]),
      variableFrameRate: Bool,
      bitDepth: Num,
      pixelFormat: MaybeText,
      rotation: Num,
      sampleAspectRatio: Fraction,
      interlaced: Bool,
      hdr: Type.Union([Type.Literal("pq"), Type.Literal("hlg"), Type.Null()]),
      reorderDepth: Num,
      colour: Type.Optional(
        Type.Object({
          primaries: MaybeText,
          transfer: MaybeText,
          matrix: MaybeText,
          range: Type.Union([Type.Literal("full"), Type.Literal("limited"), Type.Null()]),
        }),
      ),
    }),
  ),
  audio: Type.Array(Type.Object({ ...stream, channels: Num, sampleRate: Num, profile: MaybeText })),
  subtitles: Type.Array(
    Type.Object({
      ...stream,
      kind: Type.Union([Type.Literal("text"), Type.Literal("bitmap")]),
      forced: Bool,
      hearingImpaired: Bool,
    }),
  ),
  chapters: Type.Array(Type.Object({ title: Text, startMs: Num, endMs: Num })),
  keyframes: Type.Union([Type.Array(Num), Type.Null()]),
  openGops: Type.Optional(Bool),
  packageable: Bool,
});

const StoredProbe = Type.Object({
  version: Type.Literal(VERSION),
  info: Type.Union([StoredInfo, Type.Null()]),
  /** The file was not to blame for its error: look again at the next scan. */
  again: Bool,
  /** ffmpeg found no picture in it: no use to try again. */
  posterFailed: Bool,
  /** As they were when it was last looked at: the next scan puts them right. */
  sideSubtitles: Type.Array(
    Type.Object({
      id: Text,
      version: Text,
      path: Text,
      sizeBytes: Num,
      mtimeMs: Num,
      format: Type.Union([Type.Literal("srt"), Type.Literal("ass"), Type.Literal("vtt")]),
      language: MaybeText,
      title: MaybeText,
      isDefault: Bool,
      forced: Bool,
      hearingImpaired: Bool,
    }),
  ),
});
export type StoredProbe = Static<typeof StoredProbe>;

const validator = Compile(StoredProbe);

export const storedProbe = (probe: {
  readonly info: MediaInfo | null;
  readonly again: boolean;
  readonly posterFailed: boolean;
  readonly sideSubtitles: readonly SideSubtitleFile[];
}) => ({ version: VERSION, ...probe });

/** What the store kept; null when it is of another version or damaged: probe again then. */
export const openStoredProbe = (value: unknown): StoredProbe | null => (validator.Check(value) ? value : null);
