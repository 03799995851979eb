import { ErrorsReply } from "@playhead/protocol";
import type { ViewStore } from "@playhead/store";
import type { App } from "../http.js";
import { analyticsSchema, parseLimit, parseSelection, rangeOf } from "./query.js";

/** View ids beside each error: enough to look at, few enough to list. */
const SAMPLES = 5;

/** `GET /api/v1/analytics/errors`: what goes wrong, each error once. */
export function errorsRoute(app: App, views: ViewStore, now: () => number): void {
  app.get("/api/v1/analytics/errors", { schema: analyticsSchema(ErrorsReply) }, async ({ query }) => {
    const selection = parseSelection(query, now());
    const limit = parseLimit(query.limit, { fallback: 50, max: 1_000 });
    const groups = await views.errorGroups(selection, { limit, samples: SAMPLES });
    return {
      ...rangeOf(selection),
      groups: groups.map((group) => ({ ...group, sampleViews: [...group.sampleViews] })),
    };
  });
}
