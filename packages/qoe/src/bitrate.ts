import type { RecordedEvent } from "@playhead/protocol";
import { measure, sample } from "./order-events.js";
import { PlayedClock, type Timeline } from "./timeline.js";

export interface BitrateSample {
  /** Seconds played. */
  readonly durationS: number;
  readonly bitrateBps: number;
}

export interface AverageBitrate {
  /** Bits per second, rounded; null when no bitrate is known. */
  readonly averageBitrateBps: number | null;
  /** Ms played at a known bitrate: the denominator. */
  readonly bitrateMs: number;
}

/**
 * The bitrates that were played, each with the time played at it: what was rendered, not what was downloaded. Known from
 * `quality_change` and from what other events say of now. The first value reaches back to the start, unless it is a change
 * from something unknown. A bitrate of 0 means unknown.
 */
export function bitrateSamples(timeline: Timeline, player: readonly RecordedEvent[]): readonly BitrateSample[] {
  const clock = new PlayedClock(timeline);
  const samples: BitrateSample[] = [];
  let current: number | undefined;
  let since = 0;
  const close = (played: number) => {
    if (current !== undefined && played > since) {
      samples.push({ durationS: (played - since) / 1000, bitrateBps: current });
    }
    since = played;
  };
  for (const { event } of player) {
    const change = event.type === "quality_change";
    const bitrate = measure(change ? event.toBitrateBps : undefined) || measure(sample(event).bitrateBps);
    if (!bitrate || bitrate === current) continue;
    if (current === undefined) {
      if (change) {
        current = event.reason === "initial" ? bitrate : measure(event.fromBitrateBps) || undefined;
        close(clock.at(event.ts));
      }
    } else close(clock.at(event.ts));
    current = bitrate;
  }
  close(clock.at(Number.POSITIVE_INFINITY));
  return samples;
}

/**
 * Average bitrate, bits per second: Σ(bitrate · time played at it) / Σ time.
 * Source: CTA-2066 "average bitrate".
 */
export function averageBitrate(samples: readonly BitrateSample[]): AverageBitrate {
  let seconds = 0;
  let bits = 0;
  for (const { durationS, bitrateBps } of samples) {
    seconds += durationS;
    bits += durationS * bitrateBps;
  }
  if (seconds === 0) return { averageBitrateBps: null, bitrateMs: 0 };
  return { averageBitrateBps: Math.round(bits / seconds), bitrateMs: Math.round(seconds * 1000) };
}
