import { ExperimentsReply } from "@playhead/protocol";
import type { ViewStore } from "@playhead/store";
import type { App } from "../http.js";
import { better, CONFIDENCE, compareVariants } from "./compare-variants.js";
import { analyticsSchema, parseSelection, rangeOf } from "./query.js";

/** `GET /api/v1/analytics/experiments`: variants side by side; `filter=experiment:eq:…` for one experiment. */
export function experimentsRoute(app: App, views: ViewStore, now: () => number): void {
  app.get("/api/v1/analytics/experiments", { schema: analyticsSchema(ExperimentsReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const found = await views.variantMoments(selection);
    return {
      ...rangeOf(selection),
      confidence: CONFIDENCE,
      better,
      experiments: compareVariants(found, query.control),
    };
  });
}
