import type { RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "./order-events.js";
import { PlayedClock, type Timeline } from "./timeline.js";

export interface Frames {
  readonly droppedFrames: number;
  readonly decodedFrames: number;
  /** Frames per second played; null when nothing tells. */
  readonly fps: number | null;
}

/**
 * Dropped and decoded frames: Σ of the counters' growth. A counter that falls was reset (another source in the same element)
 * and counts from 0 again. The drop rate of a selection is Σ dropped / Σ (decoded + dropped).
 * Frame rate: Δ decoded frames / Δ time played, between the first and the last count; else the last rate that the player told.
 * Source: W3C Media Playback Quality, `getVideoPlaybackQuality`.
 */
export function frames(timeline: Timeline, player: readonly RecordedEvent[]): Frames {
  const clock = new PlayedClock(timeline);
  let dropped = 0;
  let decoded = 0;
  let lastDropped = 0;
  let lastDecoded = 0;
  let firstCount: { readonly decoded: number; readonly played: number } | undefined;
  let lastPlayed = 0;
  let told: number | null = null;
  for (const { event } of player) {
    const now = sample(event);
    told = measure(now.fps) || told;
    const nowDropped = measure(now.droppedFrames);
    const nowDecoded = measure(now.decodedFrames);
    if (nowDropped === undefined && nowDecoded === undefined) continue;
    if ((nowDropped ?? lastDropped) < lastDropped || (nowDecoded ?? lastDecoded) < lastDecoded) {
      lastDropped = 0;
      lastDecoded = 0;
    }
    dropped += (nowDropped ?? lastDropped) - lastDropped;
    decoded += (nowDecoded ?? lastDecoded) - lastDecoded;
    lastDropped = nowDropped ?? lastDropped;
    lastDecoded = nowDecoded ?? lastDecoded;
    if (nowDecoded !== undefined) {
      lastPlayed = clock.at(event.ts);
      firstCount ??= { decoded, played: lastPlayed };
    }
  }
  const seconds = firstCount === undefined ? 0 : (lastPlayed - firstCount.played) / 1000;
  const counted = firstCount === undefined || seconds < 1 ? 0 : (decoded - firstCount.decoded) / seconds;
  return {
    droppedFrames: dropped,
    decodedFrames: decoded,
    fps: counted > 0 ? Math.round(counted * 1000) / 1000 : told,
  };
}
