import { once } from "node:events";
import http from "node:http";
import type { LiveReply } from "@playhead/protocol";
import { openPostgresStore } from "@playhead/store-postgres";
import { type FastifyBaseLogger, fastify } from "fastify";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { App } from "../http.js";
import { createIngest, type Ingest } from "../ingest/ingest.js";
import { ingestRoutes } from "../ingest/routes.js";
import { openRealStore, type RealStore, viewEvents } from "./real-store.js";
import { analyticsRoutes } from "./routes.js";
import { createSessionizer, type Sessionizer } from "./sessionizer.js";

const log: FastifyBaseLogger = pino({ level: "silent" });
let real: RealStore;
let sessionizer: Sessionizer;
let app: App;
let ingest: Ingest;

beforeAll(async () => {
  real = await openRealStore(openPostgresStore);
});
afterAll(async () => {
  await real.close();
});
beforeEach(async () => {
  sessionizer = createSessionizer({ store: real.store, log });
  app = fastify({ loggerInstance: log }).withTypeProvider();
  analyticsRoutes(app, { store: real.store, sessionizer });
  ingest = createIngest({ events: real.store.events, log, onStored: () => sessionizer.notify() });
  ingestRoutes(app, ingest);
  await app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(async () => {
  await app.close();
  await ingest.close();
  await sessionizer.stop();
});

/** Opens the stream as a dashboard does. */
async function watch() {
  const address = app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const request = http.get(`http://127.0.0.1:${port}/api/v1/analytics/live`);
  const response: http.IncomingMessage = (await once(request, "response"))[0];
  response.setEncoding("utf8");
  // Leaving is an error of the response here, and the point there.
  response.on("error", () => undefined);
  let text = "";
  response.on("data", (chunk: string) => {
    text += chunk;
  });
  return {
    response,
    close: () => request.destroy(),
    /** The first snapshot, seen or to come, in which something holds. */
    async snapshot(holds: (live: LiveReply) => boolean): Promise<LiveReply> {
      for (;;) {
        for (const [, json] of text.matchAll(/event: views\ndata: (.*)\n\n/g)) {
          const live: LiveReply = JSON.parse(json ?? "");
          if (holds(live)) return live;
        }
        await once(response, "data");
      }
    },
  };
}

test("a view is seen within 2 s of its events, by everybody who watches, and gone when it ends", async () => {
  const [one, two] = [await watch(), await watch()];
  expect(one.response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  await one.snapshot(({ views }) => views.length === 0);

  const at = Date.now() - 10_000;
  await real.store.events.append(
    viewEvents("live-1", at, [
      [0, "play_request"],
      [1, "first_frame"],
      [9, "heartbeat"],
    ]),
  );
  const committedAt = performance.now();
  sessionizer.notify();
  const live = await one.snapshot(({ views }) => views.length > 0);
  expect(performance.now() - committedAt).toBeLessThan(2_000);
  expect(live).toMatchObject({ concurrent: 1, views: [{ viewId: "live-1", state: "playing", watchMs: 8_000 }] });
  await two.snapshot(({ views }) => views.length > 0);

  const seen = live.at;
  await real.store.events.append(viewEvents("live-1", at, [[10, "end", { reason: "left" }]]));
  sessionizer.notify();
  await one.snapshot(({ at: now, views }) => now > seen && views.length === 0);
  one.close();
  two.close();
});

test("each state of a viewer is seen within 2 s of its batch, from the door to the dashboard", async () => {
  const watcher = await watch();
  await watcher.snapshot(() => true);
  const started = Date.now();
  const context = { viewId: "live-states" };
  const address = app.server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const states = [
    ["play_request", "waiting_start"],
    ["first_frame", "playing"],
    ["rebuffer_start", "rebuffering"],
    ["rebuffer_end", "playing"],
    ["seek_start", "seeking"],
    ["seek_end", "playing"],
    ["pause", "paused"],
    ["play", "playing"],
  ] as const;
  const tookMs: number[] = [];
  let seen = 0;
  for (const [seq, [type, state]] of states.entries()) {
    const event = { id: `live-states-${seq}`, seq, type, ts: started + seq * 400, positionMs: seq * 100 };
    const body = JSON.stringify({ schema: 1, sentAt: Date.now(), context, events: [event] });
    const at = performance.now();
    const posted = fetch(`${origin}/api/v1/events`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    const live = await watcher.snapshot(
      ({ at: now, views }) =>
        now > seen &&
        views.some((view) => view.viewId === context.viewId && view.state === state && view.eventCount > seq),
    );
    tookMs.push(performance.now() - at);
    seen = live.at;
    expect((await posted).status).toBe(200);
    expect(live.concurrent).toBe(state === "paused" ? 0 : 1);
  }
  expect(Math.max(...tookMs)).toBeLessThan(2_000);
  watcher.close();
});

test("the server can stop while somebody watches", async () => {
  const watcher = await watch();
  await watcher.snapshot(() => true);
  const ended = once(watcher.response, "end");
  await app.close();
  await ended;
});

test("a dashboard that leaves is forgotten", async () => {
  const watcher = await watch();
  await watcher.snapshot(() => true);
  const closed = new Promise((resolve) => watcher.response.once("close", resolve));
  watcher.close();
  await closed;
  // Nobody is left to read for: a fold that nobody watches reads no live views.
  await real.store.events.append(viewEvents("live-2", Date.now(), [[0, "play_request"]]));
  sessionizer.notify();
  await sessionizer.idle();
  const again = await watch();
  await again.snapshot(({ views }) => views.some(({ viewId }) => viewId === "live-2"));
  again.close();
});
