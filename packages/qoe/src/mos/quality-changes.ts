/** A smaller difference of quality is not seen. */
const VISIBLE = 0.2;
const WINDOW = 5;
const STEP = 3;

/** How the video quality of a clip moved. */
export interface QualityChanges {
  /** Best less worst second. */
  readonly spread: number;
  /** Visible changes from one second to the next, per second. */
  readonly rate: number;
  /** Runs upward or downward of the smoothed quality. */
  readonly runs: number;
  /** Longest time within one run, or without any, s. */
  readonly longestS: number;
}

/** Source: ITU-T P.1203.3 (10/2017), §8. */
export function qualityChanges(video: readonly number[]): QualityChanges {
  let changes = 0;
  let best = Number.NEGATIVE_INFINITY;
  let worst = Number.POSITIVE_INFINITY;
  video.forEach((quality, t) => {
    best = Math.max(best, quality);
    worst = Math.min(worst, quality);
    if (t > 0 && Math.abs(quality - (video[t - 1] ?? 0)) > VISIBLE) changes += 1;
  });

  const steps = smoothedSteps(video);
  const starts: number[] = [];
  let direction = 0;
  steps.forEach((step, i) => {
    if (step === 0 || step === direction) return;
    direction = step;
    starts.push(i);
  });
  const marks = [0, ...starts, steps.length];
  const longest =
    starts.length === 0 ? steps.length : Math.max(...marks.slice(1).map((mark, i) => mark - (marks[i] ?? 0)));
  return { spread: best - worst, rate: changes / video.length, runs: starts.length, longestS: STEP * longest };
}

/** 1 up, −1 down, 0 level: between every third value of the moving mean. */
function smoothedSteps(video: readonly number[]): number[] {
  const edge = WINDOW - 1;
  const at = (i: number) => video[Math.min(video.length - 1, Math.max(0, i))] ?? 0;
  const means: number[] = [];
  for (let start = -edge; start < video.length; start += STEP) {
    let sum = 0;
    for (let i = start; i < start + WINDOW; i++) sum += at(i);
    means.push(sum / WINDOW);
  }
  return means.slice(1).map((mean, i) => {
    const change = mean - (means[i] ?? 0);
    if (change > VISIBLE) return 1;
    return change < -VISIBLE ? -1 : 0;
  });
}
