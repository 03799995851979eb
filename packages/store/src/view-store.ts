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
  "exit",
  "errorCode",
] as const;
export type ViewDimension = (typeof viewDimensions)[number];

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
  /** Distinct viewers; views without one aren't counted. */
  readonly viewers: number;
  readonly watchMs: number;
  readonly playingMs: number;
  readonly rebufferMs: number;
  readonly rebufferCount: number;
  readonly seekCount: number;
  readonly seekMs: number;
  readonly droppedFrames: number;
  readonly decodedFrames: number;
  readonly switches: number;
  /** Σ bitrate·time / Σ time. */
  readonly averageBitrateBps: number | null;
  readonly startupP50Ms: number | null;
  readonly startupP75Ms: number | null;
  readonly startupP95Ms: number | null;
  readonly seedScore: number | null;
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
  /** Only intervals that have views, in order. They are aligned to the epoch; `at` is their start, Unix ms. */
  timeseries(selection: ViewSelection, intervalMs: number): Promise<readonly (ViewTotals & { readonly at: number })[]>;
  /** Most views first; `null` is what is not known. */
  breakdown(
    selection: ViewSelection,
    by: ViewDimension,
    limit: number,
  ): Promise<readonly (ViewTotals & { readonly value: string | null })[]>;
  /** Startup times counted in the bins that `edgesMs`, ascending, bound; one more bin than edges. A time on an edge is above it. */
  startupHistogram(selection: ViewSelection, edgesMs: readonly number[]): Promise<readonly number[]>;
  /** Views that are open and had an event since `since`, Unix ms. */
  live(appId: string, since: number): Promise<readonly StoredView[]>;
  /** Ends views that were silent since `before`, Unix ms: `left` if they had started, else `before_start`. Returns how many. */
  closeSilent(before: number): Promise<number>;
}
