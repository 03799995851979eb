/** Facts about one media file, as the library keeps them and the decisions need them. JSON-safe. */
export interface MediaInfo {
  /** `mp4`, `matroska`, `webm`, `avi`, `mpegts`, …: ffprobe's format, made one word. */
  readonly container: string;
  /** Duration of the presentation, ms; from `startTimeMs` on. */
  readonly durationMs: number;
  /** Timestamp of the presentation's start in the file, ms; may be ≠ 0 or negative. The plan's zero. */
  readonly startTimeMs: number;
  readonly sizeBytes: number;
  readonly bitrateBps: number | null;
  readonly video: readonly VideoStream[];
  readonly audio: readonly AudioStream[];
  readonly subtitles: readonly SubtitleStream[];
  readonly chapters: readonly Chapter[];
  /** Presentation times of the first video stream's keyframes in seconds, ascending, file time; null when not indexed. */
  readonly keyframes: readonly number[] | null;
  /** Whether pictures that are shown before a keyframe follow it in the file: they can't be decoded from there on. */
  readonly openGops?: boolean;
  /** Whether the in-process packager can read the file. */
  readonly packageable: boolean;
}

interface Stream {
  /** ffprobe's stream index in the file. */
  readonly index: number;
  /** ffmpeg's codec name: `h264`, `hevc`, `eac3`. */
  readonly codec: string;
  /** RFC 6381; null where the codec has none that a browser could know. */
  readonly codecString: string | null;
  readonly bitrateBps: number | null;
  readonly startTimeMs: number | null;
  readonly durationMs: number | null;
  readonly language: string | null;
  readonly title: string | null;
  readonly isDefault: boolean;
}

export interface VideoStream extends Stream {
  /** Coded size, px. */
  readonly width: number;
  readonly height: number;
  /** Average frame rate as a fraction; null when the file does not tell. */
  readonly frameRate: { readonly num: number; readonly den: number } | null;
  /** Whether real and average rate differ: variable frame rate. */
  readonly variableFrameRate: boolean;
  readonly bitDepth: number;
  readonly pixelFormat: string | null;
  /** Degrees clockwise: 0, 90, 180, 270. */
  readonly rotation: number;
  readonly sampleAspectRatio: { readonly num: number; readonly den: number };
  readonly interlaced: boolean;
  /** `pq`, `hlg` or null for SDR. */
  readonly hdr: "pq" | "hlg" | null;
  /** ffprobe's has_b_frames: the greatest reorder depth, frames. */
  readonly reorderDepth: number;
  /** As the file tells them; absent where it tells none. */
  readonly colour?: Colour;
}

/** Colours in ffmpeg's words: `bt709`, `smpte170m`, `bt2020nc`; null what the file does not tell. */
export interface Colour {
  readonly primaries: string | null;
  readonly transfer: string | null;
  readonly matrix: string | null;
  readonly range: "full" | "limited" | null;
}

export interface AudioStream extends Stream {
  readonly channels: number;
  readonly sampleRate: number;
  readonly profile: string | null;
}

export interface SubtitleStream extends Stream {
  /** Text can become WebVTT; a bitmap can only be burnt in. */
  readonly kind: "text" | "bitmap";
  readonly forced: boolean;
  /** For the deaf and hard of hearing. */
  readonly hearingImpaired: boolean;
}

export interface Chapter {
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number;
}
