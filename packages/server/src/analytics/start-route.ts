import { StartReply } from "@playhead/protocol";
import { causes } from "@playhead/qoe";
import {
  costlyTotals,
  type DistributedField,
  type Distribution,
  type ViewFilter,
  type ViewStore,
} from "@playhead/store";
import type { App } from "../http.js";
import { withoutTooFew } from "./distributions.js";
import { analyticsSchema, parseSelection, rangeOf } from "./query.js";
import { boundedBins, startupEdgesMs } from "./startup-histogram.js";

const fields = ["startupMs", "startServerMs", "startNetworkMs", "startPlayerMs"] as const satisfies DistributedField[];
/** Only a start that was slow has a cause. */
const isSlow: ViewFilter = { dimension: "startCause", op: "in", values: causes };
const none: Distribution = { count: 0, mean: null, p50: null, p75: null, p90: null, p95: null, p99: null };

/** `GET /api/v1/analytics/start`: the time to play, and where it went. */
export function startRoute(app: App, views: ViewStore, now: () => number): void {
  app.get("/api/v1/analytics/start", { schema: analyticsSchema(StartReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const [counted, [all], causes] = await Promise.all([
      views.startupHistogram(selection, startupEdgesMs),
      views.distributions(selection, {}, fields),
      views.grouped(
        { ...selection, filters: [...selection.filters, isSlow] },
        { by: ["startCause"], limit: 10, without: costlyTotals },
      ),
    ]);
    const sum = (of: "views" | "divided") => counted.reduce((total, bin) => total + bin[of], 0);
    const of = (field: (typeof fields)[number]) => withoutTooFew(all?.of[field] ?? none);
    return {
      ...rangeOf(selection),
      started: sum("views"),
      divided: sum("divided"),
      distributions: {
        startupMs: of("startupMs"),
        startServerMs: of("startServerMs"),
        startNetworkMs: of("startNetworkMs"),
        startPlayerMs: of("startPlayerMs"),
      },
      bins: boundedBins(counted),
      slow: causes.flatMap(({ values, views: count }) => {
        const cause = values?.[0];
        return typeof cause === "string" ? [{ cause, views: count }] : [];
      }),
    };
  });
}
