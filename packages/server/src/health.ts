import type { Store } from "@playhead/store";
import { AppError } from "./errors.js";
import type { App } from "./http.js";

/** `/healthz`: the process answers. `/readyz`: it can do its work, the database included. */
export function healthRoutes(app: App, store: Pick<Store, "ping">): void {
  app.get("/healthz", { config: { door: "open" } }, async () => ({ status: "ok" }));
  app.get("/readyz", { config: { door: "open" } }, async () => {
    try {
      await store.ping();
    } catch (cause) {
      throw new AppError("database_unavailable", { cause, retryAfterS: 5 });
    }
    return { status: "ready" };
  });
}
