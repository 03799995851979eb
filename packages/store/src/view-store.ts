import type { View } from "@playhead/qoe";

/** A view whose events changed since it was folded. `mark` grows with each change. */
export interface DueView {
  readonly appId: string;
  readonly viewId: string;
  readonly mark: bigint;
}

/** A folded view with its tenant. */
export interface StoredView extends View {
  readonly appId: string;
}

/** One condition of the filter grammar: `browser:eq:Firefox`, `codec:in:hevc|av1`. */
export interface ViewFilter {
  readonly dimension: ViewDimension;
  readonly op: "eq" | "ne" | "in";
  readonly values: readonly string[];
}

export const viewDimensions = [
  "browser",
  "os",
  "deviceType",
  "playerName",
  "playerVersion",
  "mediaId",
  "viewerId",
  "codec",
  "container",
  "delivery",
  "experiment",
  "variant",
  "cdn",
  "country",
  "encoder",
  "startCause",
  "stallCause",
  "source",
  "exit",
  "errorCode",
  "errorFingerprint",
] as const;
/** A field of the view, or `custom.<name>`: one of the page's own dimensions. */
export type ViewDimension = (typeof viewDimensions)[number] | `custom.${string}`;

/** Which views: started in [from, to), Unix ms, all filters holding. */
export interface ViewSelection {
  readonly appId: string;
  readonly from: number;
  readonly to: number;
  readonly filters: readonly ViewFilter[];
}

/** Sums over a selection: ratios are made of them as Σ numerator / Σ denominator, never as a mean of ratios. */
export interface ViewTotals {
  readonly views: number;
  /** Views with an intent to play; one that started or failed to has had it, told or not (seed wires tell none). */
  readonly attempts: number;
  /** Views that played: with a startup time, playing time, or an end that only playing has. */
  readonly started: number;
  /** Technical failures only; business ones are counted apart. */
  readonly startFailures: number;
  readonly playbackFailures: number;
  /** Views that were asked to play, waited at least 1 s, and ended with neither a frame nor a fatal error. */
  readonly exitsBeforeStart: number;
  /** Failures before or after the start in which the viewer was simply not allowed. */
  readonly businessFailures: number;
  /** Distinct viewers; views without one aren't counted. Null where they were not asked for. */
  readonly viewers: number | null;
  readonly watchMs: number;
  readonly playingMs: number;
  /** Stalls of the views whose watch time is known, so that both may be divided by it. */
  readonly rebufferMs: number;
  readonly rebufferCount: number;
  readonly seekCount: number;
  readonly seekMs: number;
  /** Of the views whose decoded frames are known. */
  readonly droppedFrames: number;
  readonly decodedFrames: number;
  readonly switches: number;
  readonly switchesUp: number;
  readonly switchesDown: number;
  /** Σ bitrate·time / Σ time. */
  readonly averageBitrateBps: number | null;
  readonly startupP50Ms: number | null;
  readonly startupP75Ms: number | null;
  readonly startupP95Ms: number | null;
  readonly seedScore: number | null;
}

/**
 * What a view has one of, so that a selection has a distribution of it. Latencies, ratios and frequencies are the view's own
 * here: of a view without a denominator there is none.
 */
export const distributedFields = [
  "startupMs",
  "startServerMs",
  "startNetworkMs",
  "startPlayerMs",
  "watchMs",
  "playingMs",
  "pauseMs",
  "rebufferMs",
  "rebufferCount",
  "rebufferRatio",
  "rebufferFrequencyPerMinute",
  "seekCount",
  "seekLatencyMs",
  "averageBitrateBps",
  "switches",
  "switchesUp",
  "switchesDown",
  "droppedFrameRatio",
  "fps",
  "mos",
  "seedScore",
  "startupScore",
  "smoothnessScore",
  "qualityScore",
  "successScore",
] as const;
export type DistributedField = (typeof distributedFields)[number];

/** Of the views that have the field. Percentiles are interpolated; null without views. */
export interface Distribution {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** How a selection is divided: by interval (aligned to the epoch), by dimensions, by both, or not at all. */
export interface ViewGrouping {
  readonly intervalMs?: number;
  readonly by?: readonly ViewDimension[];
  /** Only so many values of `by`: those with the most views. */
  readonly limit?: number;
  /** What nobody will look at: null in the answer, which is there sooner. */
  readonly without?: readonly CostlyTotal[];
}

/** Totals that are no sums and take each row on its own: distinct viewers, and the percentiles of the startup. */
export const costlyTotals = ["viewers", "startup"] as const;
export type CostlyTotal = (typeof costlyTotals)[number];

/** Which part of a grouping a row is: the start of its interval, Unix ms, and its values of `by`; null is what is not known. */
export interface GroupKey {
  readonly at?: number;
  readonly values?: readonly (string | null)[];
}

export interface GroupDistributions extends GroupKey {
  readonly of: Readonly<Partial<Record<DistributedField, Distribution>>>;
}

/** Views that started, by startup time, and where their time to the first frame went. ms. */
export interface StartupBin {
  readonly views: number;
  /** Those of them whose time is known to be divided. The rest is about these alone. */
  readonly divided: number;
  readonly serverMs: number;
  readonly networkMs: number;
  readonly playerMs: number;
  /** Views by what took most of their time; the server before the network before the player where two took as long. */
  readonly mostlyServer: number;
  readonly mostlyNetwork: number;
  readonly mostlyPlayer: number;
}

/** The views that one error happened to. */
export interface ErrorGroup {
  readonly fingerprint: string;
  /** Of the newest view. */
  readonly errorCode: string;
  readonly errorMessage: string | null;
  readonly views: number;
  readonly viewers: number;
  /** Views that it ended; the others went on. Technical failures, as in the totals. */
  readonly startFailures: number;
  readonly playbackFailures: number;
  readonly businessFailures: number;
  /** Starts of its first and last view in the selection, Unix ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Start of its first view ever, whatever the selection: before `from` for an error that is not new. */
  readonly firstSeenEver: number;
  /** Ids, newest first. */
  readonly sampleViews: readonly string[];
}

/**
 * What variants are compared by. Each is a ratio of two sums, Σx/Σy: of a mean, y is 1 for a view that has the value; of a
 * rate, x is 1 for a view that it happened to.
 */
export const comparedMetrics = [
  "startupMs",
  "startFailureRate",
  "playbackFailureRate",
  "exitBeforeStartRate",
  "rebufferRatio",
  "rebufferFrequencyPerMinute",
  "averageBitrateBps",
  "droppedFrameRatio",
  "watchMs",
  "mos",
  "startupScore",
  "smoothnessScore",
  "qualityScore",
  "successScore",
  "seedScore",
] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

/** Sums over viewers of what each viewer's views add up to: an estimate and its error can be made of them. */
export interface RatioMoments {
  /** Viewers whose y is above 0; of the others nothing is added up. */
  readonly viewers: number;
  /** Those of them whose x is above 0. */
  readonly affected: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

export interface VariantMoments {
  readonly experiment: string;
  readonly variant: string;
  readonly views: number;
  /** A view whose viewer is not known is a viewer of its own. */
  readonly viewers: number;
  readonly of: Readonly<Record<ComparedMetric, RatioMoments>>;
}

/** A page's cursor that this store did not give out. */
export class InvalidCursorError extends Error {
  override readonly name = "InvalidCursorError";

  constructor() {
    super("The cursor is not one that a page of this list gave.");
  }
}

/** What a selection without views adds up to. */
export const noTotals: ViewTotals = {
  views: 0,
  attempts: 0,
  started: 0,
  startFailures: 0,
  playbackFailures: 0,
  exitsBeforeStart: 0,
  businessFailures: 0,
  viewers: 0,
  watchMs: 0,
  playingMs: 0,
  rebufferMs: 0,
  rebufferCount: 0,
  seekCount: 0,
  seekMs: 0,
  droppedFrames: 0,
  decodedFrames: 0,
  switches: 0,
  switchesUp: 0,
  switchesDown: 0,
  averageBitrateBps: null,
  startupP50Ms: null,
  startupP75Ms: null,
  startupP95Ms: null,
  seedScore: null,
};

export interface ViewPage {
  readonly views: readonly StoredView[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

/** Folded views: one row a view. Dashboards read these, never events. */
export interface ViewStore {
  /** Takes up to `limit` due views; another server's call does not get the same ones while they are being folded. */
  withDue(limit: number, fold: (due: readonly DueView[]) => Promise<void>): Promise<number>;
  /** Stores folded views and clears their marks unless they grew meanwhile. Never replaces a fold by one of an older mark. */
  put(views: readonly { readonly view: StoredView; readonly mark: bigint }[]): Promise<void>;
  get(appId: string, viewId: string): Promise<StoredView | undefined>;
  /** Newest first. @throws {InvalidCursorError} */
  list(selection: ViewSelection, page: { readonly limit: number; readonly cursor?: string }): Promise<ViewPage>;
  totals(selection: ViewSelection): Promise<ViewTotals>;
  /**
   * Only groups that have views: by interval in order, and within one those with the most views first. Without a grouping
   * one row, or none.
   */
  grouped(selection: ViewSelection, grouping: ViewGrouping): Promise<readonly (ViewTotals & GroupKey)[]>;
  /** The same groups, in no order, with the distributions of these fields. */
  distributions(
    selection: ViewSelection,
    grouping: ViewGrouping,
    fields: readonly DistributedField[],
  ): Promise<readonly GroupDistributions[]>;
  /** Startup times counted in the bins that `edgesMs`, ascending, bound; one more bin than edges. A time on an edge is above it. */
  startupHistogram(selection: ViewSelection, edgesMs: readonly number[]): Promise<readonly StartupBin[]>;
  /** Errors by fingerprint, those of the most views first. */
  errorGroups(
    selection: ViewSelection,
    page: { readonly limit: number; readonly samples: number },
  ): Promise<readonly ErrorGroup[]>;
  /** By experiment and variant, in alphabetical order; views without either are in none. */
  variantMoments(selection: ViewSelection): Promise<readonly VariantMoments[]>;
  /** Views that are open and had an event since `since`, Unix ms. */
  live(appId: string, since: number): Promise<readonly StoredView[]>;
  /** Ends views that were silent since `before`, Unix ms: `left` if they had started, else `before_start`. Returns how many. */
  closeSilent(before: number): Promise<number>;
}
