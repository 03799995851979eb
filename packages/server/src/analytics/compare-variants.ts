import type { Difference, ExperimentsReply, Variant, VariantMetric } from "@playhead/protocol";
import { type ComparedMetric, comparedMetrics, type RatioMoments, type VariantMoments } from "@playhead/store";

/** Of the normal distribution: 95 % lie within so many standard errors. */
const Z = 1.959964;
export const CONFIDENCE = 0.95;
/** Viewers of a metric in each variant, for the mean of what they add up to be normal enough. */
export const MIN_VIEWERS = 100;
/** Viewers whom something happened to, in both variants together, and as many whom it did not. */
export const MIN_AFFECTED = 10;

/** Which way is better. */
export const better = {
  startupMs: "lower",
  startFailureRate: "lower",
  playbackFailureRate: "lower",
  exitBeforeStartRate: "lower",
  rebufferRatio: "lower",
  rebufferFrequencyPerMinute: "lower",
  averageBitrateBps: "higher",
  droppedFrameRatio: "lower",
  watchMs: "higher",
  mos: "higher",
  startupScore: "higher",
  smoothnessScore: "higher",
  qualityScore: "higher",
  successScore: "higher",
  seedScore: "higher",
} as const satisfies Record<ComparedMetric, "lower" | "higher">;

const rates: ReadonlySet<ComparedMetric> = new Set(["startFailureRate", "playbackFailureRate", "exitBeforeStartRate"]);

interface Estimate {
  readonly value: number;
  /** Standard error; null where one viewer alone speaks. */
  readonly error: number | null;
}

/**
 * Σx/Σy and its standard error by the delta method, with the viewer as the unit: views of one viewer are alike, and counting
 * them as independent would make the interval too narrow. Source: Deng, Knoblich, Lu, "Applying the Delta Method in Metric
 * Analytics" (KDD 2018), §2 and §4; it is Cochran's ratio estimator.
 */
export function estimate({ viewers, x, y, xx, yy, xy }: RatioMoments): Estimate | null {
  if (y <= 0) return null;
  const value = x / y;
  if (viewers < 2) return { value, error: null };
  const residual = Math.max(0, xx - 2 * value * xy + value * value * yy);
  return { value, error: Math.sqrt((viewers / (viewers - 1)) * residual) / y };
}

/** The 95 % interval around a value. */
const around = (value: number, error: number | null) =>
  error === null ? { low: null, high: null } : { low: value - Z * error, high: value + Z * error };

/** Variant − control, with the interval of Welch's kind: the variances of the two are not taken to be the same. */
export function difference(metric: ComparedMetric, variant: RatioMoments, control: RatioMoments): Difference | null {
  const ours = estimate(variant);
  const theirs = estimate(control);
  if (ours === null || theirs === null) return null;
  const delta = ours.value - theirs.value;
  const error = ours.error === null || theirs.error === null ? null : Math.hypot(ours.error, theirs.error);
  const { low, high } = around(delta, error);
  const tooFew = saysTooLittle(metric, variant, control);
  const clear = !tooFew && low !== null && high !== null && (low > 0 || high < 0);
  const verdict = clear ? (delta > 0 === (better[metric] === "higher") ? "better" : "worse") : "unclear";
  return {
    difference: delta,
    low,
    high,
    relative: theirs.value === 0 ? null : delta / theirs.value,
    tooFew,
    verdict,
  };
}

function saysTooLittle(metric: ComparedMetric, a: RatioMoments, b: RatioMoments): boolean {
  if (Math.min(a.viewers, b.viewers) < MIN_VIEWERS) return true;
  if (!rates.has(metric)) return false;
  const affected = a.affected + b.affected;
  return affected < MIN_AFFECTED || a.viewers + b.viewers - affected < MIN_AFFECTED;
}

/**
 * The variants of each experiment beside its control: the variant asked for, else the one named `control`, else the first by
 * name.
 */
export function compareVariants(
  found: readonly VariantMoments[],
  wanted: string | undefined,
): ExperimentsReply["experiments"] {
  const names = [...new Set(found.map(({ experiment }) => experiment))];
  return names.flatMap((experiment) => {
    const variants = found.filter((one) => one.experiment === experiment);
    const named = (name: string | undefined) => variants.find(({ variant }) => variant === name);
    const control = named(wanted) ?? named("control") ?? variants[0];
    if (control === undefined) return [];
    return [{ experiment, control: control.variant, variants: variants.map((one) => sideBySide(one, control)) }];
  });
}

function sideBySide(one: VariantMoments, control: VariantMoments): Variant {
  const metrics = comparedMetrics.map((metric) => [metric, metricOf(metric, one, control)] as const);
  return {
    variant: one.variant,
    views: one.views,
    viewers: one.viewers,
    metrics: Object.fromEntries(metrics),
  };
}

function metricOf(metric: ComparedMetric, one: VariantMoments, control: VariantMoments): VariantMetric | null {
  const moments = one.of[metric];
  const found = estimate(moments);
  if (found === null) return null;
  return {
    value: found.value,
    ...around(found.value, found.error),
    viewers: moments.viewers,
    against: one === control ? null : difference(metric, moments, control.of[metric]),
  };
}
