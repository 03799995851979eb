import { type PictureSample, qualityScore } from "./component-scores.js";
import type { ShownSince } from "./shown.js";
import { PlayedClock, type Timeline } from "./timeline.js";

/** How sharp the picture was in the player, 0–100, over the time played at a known size; null where none is known. */
export function pictureQuality(timeline: Timeline, shown: readonly ShownSince[]): number | null {
  const clock = new PlayedClock(timeline);
  const samples: PictureSample[] = [];
  shown.forEach(({ at, shown: { width, height, playerWidth, playerHeight } }, i) => {
    const from = clock.at(at);
    const to = clock.at(shown[i + 1]?.at ?? Number.POSITIVE_INFINITY);
    if (to <= from || !width || !height || !playerWidth || !playerHeight) return;
    samples.push({ durationS: (to - from) / 1000, width, height, playerWidth, playerHeight });
  });
  return qualityScore(samples);
}
