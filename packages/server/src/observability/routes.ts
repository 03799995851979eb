import type { App } from "../http.js";
import type { Observability } from "./observe.js";

/** `GET /metrics` for Prometheus, which signs in with the admin token as its bearer token. */
export function observabilityRoutes(app: App, metrics: Observability["metrics"]): void {
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
}
