import { type Dimension, type QuestionId } from "./dimensions.js";
import { type Filter } from "./filter.js";
import { type MetricId } from "./metrics.js";
/** Spans up to now, with the interval that gives each around sixty points. */
export declare const spans: {
  readonly "1h": {
    readonly name: "1 hour";
    readonly ms: 3600000;
    readonly interval: "1m";
  };
  readonly "24h": {
    readonly name: "24 hours";
    readonly ms: 86400000;
    readonly interval: "30m";
  };
  readonly "7d": {
    readonly name: "7 days";
    readonly ms: number;
    readonly interval: "3h";
  };
  readonly "30d": {
    readonly name: "30 days";
    readonly ms: number;
    readonly interval: "12h";
  };
  readonly "90d": {
    readonly name: "90 days";
    readonly ms: number;
    readonly interval: "1d";
  };
};
export type Span = keyof typeof spans;
export declare const spanNames: ("1h" | "24h" | "30d" | "7d" | "90d")[];
/** Up to now, or between two times (Unix ms) that were zoomed into from a span. */
export type Range =
  | {
      readonly kind: "span";
      readonly span: Span;
    }
  | {
      readonly kind: "between";
      readonly from: number;
      readonly to: number;
      readonly span: Span;
    };
/** What the dashboard shows, all of it in the address: a link to it shows the same. */
export interface DashboardState {
  readonly range: Range;
  readonly filters: readonly Filter[];
  /** Whether figures are held against the stretch of the same length before. */
  readonly compare: boolean;
  /** What the chart over time shows. */
  readonly metric: MetricId;
  /** The dimension chosen in each breakdown. */
  readonly by: Readonly<Record<QuestionId, Dimension>>;
}
export declare function readState(query: string): DashboardState;
/** What is as it would be anyway is left out, so that the plain address stays plain. */
export declare function writeState(state: DashboardState): URLSearchParams;
/** The address's query with this state in it; what a page keeps there beside it stays. */
export declare function mergeState(query: string, state: DashboardState): URLSearchParams;
/** The part of the state that all pages have in common: range, conditions, comparison. */
export declare function writeShared({ range, filters, compare }: DashboardState): URLSearchParams;
/** The same, looked at closer: from and to in Unix ms. */
export declare function between(state: DashboardState, from: number, to: number): DashboardState;
/** The query of the analytics routes for this state. */
export declare function apiQuery(state: Pick<DashboardState, "range" | "filters">): URLSearchParams;
/** The same question about the stretch of the same length before. */
export declare function apiQueryBefore(state: Pick<DashboardState, "range" | "filters">, now: number): URLSearchParams;
/** The interval of a chart over the range, in the server's words; undefined leaves it to the server. */
export declare function intervalOf(range: Range): string | undefined;
//# sourceMappingURL=url-state.d.ts.map
