import type { Distribution, Totals } from "@playhead/protocol";
import type { DistributedField, ViewDimension } from "@playhead/store";
import type { Truth } from "./truth.js";

/**
 * What the analytics API must answer, computed from views in memory, one plain loop a figure. A second way to the same numbers,
 * for tests; it shares no code with the store's SQL.
 */

const total = (views: readonly Truth[], of: (view: Truth) => number | null) =>
  views.reduce((sum, view) => sum + (of(view) ?? 0), 0);
const count = (views: readonly Truth[], holds: (view: Truth) => boolean) => views.filter(holds).length;
const ratio = (numerator: number, denominator: number) => (denominator > 0 ? numerator / denominator : null);

export function totalsOf(views: readonly Truth[]): Totals {
  const started = (view: Truth) => view.startupMs !== null;
  const attempts = views.length;
  const startFailures = count(views, (view) => view.exit === "start_failure" && !view.businessError);
  const playbackFailures = count(views, (view) => view.exit === "playback_failure" && !view.businessError);
  const exitsBeforeStart = count(
    views,
    (view) => view.exit === "before_start" && view.lastEventAt - view.startedAt >= 1_000,
  );
  const watchMs = total(views, (view) => view.watchMs);
  const rebufferMs = total(views, (view) => view.rebufferMs);
  const rebufferCount = total(views, (view) => view.rebufferCount);
  const seekCount = total(views, (view) => view.seekCount);
  const droppedFrames = total(views, (view) => view.droppedFrames);
  const decodedFrames = total(views, (view) => view.decodedFrames);
  const bitrateMs = total(views, (view) => view.bitrateMs);
  const bits = total(views, (view) => (view.averageBitrateBps ?? 0) * view.bitrateMs);
  const startups = valuesOf(views, "startupMs");
  return {
    views: views.length,
    attempts,
    started: count(views, started),
    viewers: new Set(views.flatMap(({ viewerId }) => viewerId ?? [])).size,
    startFailures,
    playbackFailures,
    exitsBeforeStart,
    businessFailures: count(views, (view) => view.businessError),
    watchMs,
    playingMs: total(views, (view) => view.playingMs),
    rebufferMs,
    rebufferCount,
    seekCount,
    switches: total(views, (view) => view.switches),
    switchesUp: total(views, (view) => view.switchesUp),
    switchesDown: total(views, (view) => view.switchesDown),
    droppedFrames,
    decodedFrames,
    averageBitrateBps: bitrateMs === 0 ? null : Math.round(bits / bitrateMs),
    startupP50Ms: percentile(startups, 0.5),
    startupP75Ms: percentile(startups, 0.75),
    startupP95Ms: percentile(startups, 0.95),
    seedScore: ratio(
      total(views, (view) => view.seedScore),
      views.length,
    ),
    rebufferRatio: ratio(rebufferMs, watchMs),
    rebufferFrequencyPerMinute: ratio(rebufferCount * 60_000, watchMs),
    startFailureRate: ratio(startFailures, attempts),
    playbackFailureRate: ratio(playbackFailures, count(views, started)),
    exitBeforeStartRate: ratio(exitsBeforeStart, attempts),
    seekLatencyMs: ratio(
      total(views, (view) => view.seekMs),
      seekCount,
    ),
    droppedFrameRatio: ratio(droppedFrames, decodedFrames + droppedFrames),
  };
}

/** The field's values, ascending, of the views that have it. */
export function valuesOf(views: readonly Truth[], field: Exclude<DistributedField, "mos">): readonly number[] {
  return views.flatMap((view) => valueIn(view, field) ?? []).toSorted((a, b) => a - b);
}

function valueIn(view: Truth, field: Exclude<DistributedField, "mos">): number | null {
  const { watchMs, rebufferMs, rebufferCount, seekMs, seekCount, droppedFrames, decodedFrames } = view;
  switch (field) {
    case "rebufferRatio":
      return ratio(rebufferMs ?? 0, watchMs ?? 0);
    case "rebufferFrequencyPerMinute":
      return ratio((rebufferCount ?? 0) * 60_000, watchMs ?? 0);
    case "seekLatencyMs":
      return ratio(seekMs ?? 0, seekCount ?? 0);
    case "droppedFrameRatio":
      return ratio(droppedFrames ?? 0, (decodedFrames ?? 0) + (droppedFrames ?? 0));
    default:
      return view[field];
  }
}

/** Between the two values beside it, as far as it lies between them. */
export function percentile(ascending: readonly number[], share: number): number | null {
  const place = (ascending.length - 1) * share;
  const below = ascending[Math.floor(place)];
  const above = ascending[Math.ceil(place)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (place - Math.floor(place));
}

export function distributionOf(ascending: readonly number[]): Distribution {
  const count = ascending.length;
  const tooFew: string[] = [];
  const at = (name: string, percent: number) => {
    // One view at least beyond it: 2 for the median, 100 for p99.
    if (count * (100 - percent) >= 100) return percentile(ascending, percent / 100);
    tooFew.push(name);
    return null;
  };
  return {
    count,
    mean: ratio(
      ascending.reduce((sum, value) => sum + value, 0),
      count,
    ),
    p50: at("p50", 50),
    p75: at("p75", 75),
    p90: at("p90", 90),
    p95: at("p95", 95),
    p99: at("p99", 99),
    tooFew,
  };
}

export function valueOf(view: Truth, dimension: ViewDimension): string | null {
  if (dimension.startsWith("custom.")) {
    const value = view.custom?.[dimension.slice("custom.".length)];
    return value === undefined || value === null ? null : String(value);
  }
  const value: unknown = view[dimension as keyof Truth];
  return typeof value === "string" ? value : null;
}

/** Views by their values of some dimensions, as JSON of those values. */
export function groupsOf(views: readonly Truth[], by: readonly ViewDimension[]): ReadonlyMap<string, readonly Truth[]> {
  const groups = new Map<string, Truth[]>();
  for (const view of views) {
    const key = JSON.stringify(by.map((dimension) => valueOf(view, dimension)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [view]);
    else group.push(view);
  }
  return groups;
}

/** Where `found` is not `wanted`, in words. Sums of doubles come to the same but for their last digits; what is not wanted is not looked at. */
export function differences(found: unknown, wanted: unknown, at: string): readonly string[] {
  if (typeof wanted === "object" && wanted !== null) {
    const inner: Readonly<Record<string, unknown>> = Object(found);
    return Object.entries(wanted).flatMap(([name, value]) => differences(inner[name], value, `${at}.${name}`));
  }
  const same =
    typeof wanted === "number" && typeof found === "number"
      ? Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted))
      : found === wanted;
  return same ? [] : [`${at} is ${JSON.stringify(found)}, and truly ${JSON.stringify(wanted)}`];
}
