/**
 * The immutable segment boundaries of a rendition. The playlist is written from it before any byte exists, and what is
 * delivered is checked against it.
 */
export interface SegmentPlan {
  /** Changes whenever the same inputs would give other boundaries or bytes; part of each segment's address. */
  readonly version: string;
  /** Seconds from the presentation's start, ascending, from 0 to the duration: one more than there are segments. */
  readonly boundaries: readonly number[];
}

interface RenditionBase {
  /** URL-safe and stable for the same file and settings: `v0-copy`, `v0-h264-1080`, `a1-copy`, `a1-aac`. */
  readonly id: string;
  /** ffprobe's stream index in the file. */
  readonly streamIndex: number;
  /** RFC 6381 of what is delivered, known before a byte is made. */
  readonly codecString: string;
  /** Upper estimate, bits per second: the playlist's BANDWIDTH. */
  readonly bandwidthBps: number;
  /** Bits per second over the whole rendition: AVERAGE-BANDWIDTH. Absent when the file does not tell. */
  readonly averageBandwidthBps?: number;
  readonly plan: SegmentPlan;
  /** Why it is delivered this way, one sentence. */
  readonly reason: string;
}

interface VideoShape {
  readonly kind: "video";
  /** Displayed size after rotation and sample aspect ratio, px. */
  readonly width: number;
  readonly height: number;
  readonly frameRate: { readonly num: number; readonly den: number } | null;
  /** Transfer function of what is delivered; absent for SDR. */
  readonly hdr?: "pq" | "hlg";
}

interface AudioShape {
  readonly kind: "audio";
  readonly channels: number;
  readonly language: string | null;
  readonly name: string;
  readonly isDefault: boolean;
}

/** The source's own packets in new boxes. */
export interface VideoCopy extends RenditionBase, VideoShape {
  readonly mode: "copy";
}

/** A stream of subtitle pictures, as PGS, VobSub and DVB have them. */
export interface BurntSubtitle {
  /** ffprobe's stream index in the file. */
  readonly streamIndex: number;
  /** ffmpeg's name. */
  readonly codec: string;
}

/** H.264 High, yuv420p, constant frame rate, closed GOPs of one segment each. */
export interface VideoTranscode extends RenditionBase, VideoShape {
  readonly mode: "transcode";
  readonly frameRate: { readonly num: number; readonly den: number };
  /** Frames of a full segment: round(2·fps). The first ones have fewer, and so have those before a cut of a copy. */
  readonly gopFrames: number;
  /** First frame of each segment, and the frame after the last: as long as `plan.boundaries`. */
  readonly frameBoundaries: readonly number[];
  /** H.264 level as ffmpeg takes it: `4.0`. */
  readonly level: string;
  readonly maxrateBps: number;
  /** The bitmap subtitles that are drawn into the picture. */
  readonly burnt?: BurntSubtitle;
}

export interface AudioCopy extends RenditionBase, AudioShape {
  readonly mode: "copy";
}

/**
 * AAC-LC, 48 kHz, stereo. Its boundaries are those of the video rounded up to whole AAC frames
 * (frame n of the rendition starts at n·1024/48000 s), so that a run may start at any segment and joins exactly.
 */
export interface AudioTranscode extends RenditionBase, AudioShape {
  readonly mode: "transcode";
  /** First AAC frame of each segment, and the frame after the last: as long as `plan.boundaries`. */
  readonly frameBoundaries: readonly number[];
  readonly bitrateBps: number;
}

/** WebVTT, from a stream of the film or from a file beside it. */
export interface SubtitleRendition {
  readonly kind: "subtitle";
  /** URL-safe: `s3` for a stream, another name for a file. */
  readonly id: string;
  readonly source: { readonly type: "stream"; readonly streamIndex: number } | { readonly type: "file" };
  /** RFC 5646; null when unknown. */
  readonly language: string | null;
  readonly name: string;
  readonly isDefault: boolean;
  /** Only what a viewer who understands the sound still needs: signs, foreign speech. */
  readonly forced: boolean;
  /** For the deaf and hard of hearing. */
  readonly hearingImpaired: boolean;
  readonly plan: SegmentPlan;
}

export type VideoRendition = VideoCopy | VideoTranscode;
export type AudioRendition = AudioCopy | AudioTranscode;
export type Rendition = VideoRendition | AudioRendition;

/** What is delivered to this browser, and why. */
export interface PlaybackPlan {
  /** The most costly of the streams that play where nothing else is asked for: the first video, and the sound. */
  readonly delivery: "direct" | "copy" | "transcode";
  /** Sentences for people: one per stream, most important first. */
  readonly reasons: readonly string[];
  /** Empty for `direct`. The ladder: one rendition a rung, all of one timeline; the default first, the others best first. */
  readonly video: readonly VideoRendition[];
  readonly audio: readonly AudioRendition[];
  readonly subtitles: readonly SubtitleRendition[];
}
