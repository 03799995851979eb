import type { App } from "../http.js";
import type { Metrics } from "./metrics.js";

/** `GET /metrics` for Prometheus, which signs in with the admin token as its bearer token. */
export function observabilityRoutes(app: App, metrics: Metrics): void {
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
}
