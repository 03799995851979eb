import { PassThrough } from "node:stream";
import type { App } from "../http.js";
import type { LiveViews } from "./live-views.js";

/** Proxies end a connection on which nothing moves. */
const COMMENT_EVERY_MS = 15_000;
/** How soon a browser comes back after the server went. */
const RETRY_MS = 2_000;

/**
 * `GET /api/v1/analytics/live`: server-sent events (WHATWG HTML §9.2), each named `views` with the open views as JSON.
 * A reader that is too slow misses states in between, and holds up nobody.
 */
export function liveRoute(app: App, live: LiveViews): void {
  const open = new Set<PassThrough>();
  app.addHook("preClose", async () => {
    for (const stream of open) stream.end();
  });

  app.get("/api/v1/analytics/live", async (_request, reply) => {
    const stream = new PassThrough();
    const send = (text: string) => {
      if (!stream.writableNeedDrain && stream.writable) stream.write(text);
    };
    const unwatch = live.watch((views) => send(`event: views\ndata: ${JSON.stringify(views)}\n\n`));
    const comments = setInterval(() => send(": still here\n\n"), COMMENT_EVERY_MS);
    open.add(stream);
    stream.once("close", () => {
      open.delete(stream);
      clearInterval(comments);
      unwatch();
    });
    stream.write(`retry: ${RETRY_MS}\n\n`);
    return reply
      .type("text/event-stream; charset=utf-8")
      .header("cache-control", "no-store")
      .header("x-accel-buffering", "no")
      .send(stream);
  });
}
