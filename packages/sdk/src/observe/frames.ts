import { attempt } from "./guard.js";

/** Frames since the view began; absent where the browser does not count them. */
export interface FrameCount {
  readonly droppedFrames?: number;
  /** Decoded and shown: the browser's total counts the dropped ones too. */
  readonly decodedFrames?: number;
  /** Shown per second of playing time since the last sample. */
  readonly fps?: number;
}

/** Below this much playing time a rate says nothing, ms. */
const SHORTEST_SAMPLE_MS = 500;

/**
 * `getVideoPlaybackQuality` counts from the element's last source on; this counts on through a new source.
 * Call with the playing time so far, so that pauses and stalls do not pass for a low frame rate.
 */
export function frameCounter(video: HTMLVideoElement): (playingMs: number) => FrameCount {
  let seen = { total: 0, dropped: 0 };
  let dropped = 0;
  let decoded = 0;
  let sample = { decoded: 0, playingMs: 0 };
  const start = attempt(() => video.getVideoPlaybackQuality?.());
  if (start) seen = { total: start.totalVideoFrames, dropped: start.droppedVideoFrames };
  return (playingMs) => {
    const quality = attempt(() => video.getVideoPlaybackQuality?.());
    if (!quality) return {};
    const { totalVideoFrames: total, droppedVideoFrames } = quality;
    // A smaller total than before: a new source, counting from 0.
    if (total < seen.total) seen = { total: 0, dropped: 0 };
    const newlyDropped = Math.max(0, droppedVideoFrames - seen.dropped);
    dropped += newlyDropped;
    decoded += Math.max(0, total - seen.total - newlyDropped);
    seen = { total, dropped: droppedVideoFrames };
    const counts = { droppedFrames: dropped, decodedFrames: decoded };
    const span = playingMs - sample.playingMs;
    if (span < SHORTEST_SAMPLE_MS) return counts;
    const fps = Math.min(1000, Math.round(((decoded - sample.decoded) / span) * 1e5) / 100);
    sample = { decoded, playingMs };
    return { ...counts, fps };
  };
}
