import { gzipSync } from "node:zlib";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { EventStore } from "@playhead/store";
import { fastify } from "fastify";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replyWithError } from "../error-reply.js";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import { MAX_BODY_BYTES } from "./body.js";
import { createIngest } from "./ingest.js";
import { ingestRoutes } from "./routes.js";

const now = Date.UTC(2026, 5, 1);
const batch = {
  schema: 1,
  sentAt: now,
  context: { viewId: "v" },
  events: [{ id: "a", seq: 0, type: "play", ts: now }],
};
const json = { "content-type": "application/json" };

let app: App;
let queueIsFull = false;
let stored: Set<string>;

beforeEach(async () => {
  stored = new Set();
  queueIsFull = false;
  const events: EventStore = {
    append: async (group) => group.map((e) => stored.size < stored.add(e.event.id).size),
    ofView: async () => [],
  };
  const ingest = createIngest({ events, log: pino({ level: "silent" }), now: () => now });
  app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(replyWithError);
  // The door of the whole service, as short as can be.
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.door !== "open" && request.headers.authorization === "Bearer wrong") {
      throw new AppError("unauthorized");
    }
  });
  app.post("/elsewhere", (request) => request.body);
  ingestRoutes(app, {
    ...ingest,
    submit: async (...args) => {
      if (queueIsFull) throw new AppError("busy", { retryAfterS: 3 });
      return await ingest.submit(...args);
    },
  });
  await app.ready();
});
afterEach(() => app.close());

type Post = { url?: string; headers?: Record<string, string>; body?: string | Buffer };
const post = ({ url = "/telemetry", headers = json, body = JSON.stringify(batch) }: Post = {}) =>
  app.inject({ method: "POST", url, headers, payload: body });

describe("the ingest door", () => {
  test.each(["/telemetry", "/api/v1/events"])("at %s answers a stored batch", async (url) => {
    const reply = await post({ url });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toEqual({ ok: true, accepted: 1, duplicates: 0, rejected: [] });
    expect(stored).toEqual(new Set(["a"]));
    expect((await post({ url })).json()).toMatchObject({ ok: true, accepted: 0, duplicates: 1 });
  });

  test.each([
    ["JSON with a charset", { headers: { "content-type": "application/json; charset=utf-8" } }],
    ["plain text", { headers: { "content-type": "text/plain;charset=UTF-8" } }],
    ["no content type", { headers: {} }],
    ["gzip", { headers: { ...json, "content-encoding": "gzip" }, body: gzipSync(JSON.stringify(batch)) }],
  ])("takes %s", async (_name, request: Post) => {
    expect((await post(request)).statusCode).toBe(200);
    expect(stored.size).toBe(1);
  });

  test.each([
    ["no JSON", { body: "{" }, 400, "invalid_json"],
    ["no body", { headers: {}, body: "" }, 400, "invalid_json"],
    ["invalid UTF-8", { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, "invalid_json"],
    ["a form", { headers: { "content-type": "multipart/form-data; boundary=x" } }, 415, "unsupported_media_type"],
    ["too many bytes", { body: " ".repeat(MAX_BODY_BYTES + 1) }, 413, "payload_too_large"],
    [
      "a gzip bomb",
      { headers: { ...json, "content-encoding": "gzip" }, body: gzipSync(" ".repeat(MAX_BODY_BYTES * 50)) },
      413,
      "payload_too_large",
    ],
    ["no telemetry", { body: '{"hello":1}' }, 422, "invalid_event"],
    ["another site's wrong key", { headers: { ...json, authorization: "Bearer wrong" } }, 401, "unauthorized"],
  ])("refuses %s, readable from any site", async (_name, request: Post, status, code) => {
    const reply = await post(request);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(reply.headers["access-control-allow-origin"]).toBe("*");
    expect(stored.size).toBe(0);
  });

  test("answers a batch of bad events with each one's reason", async () => {
    const reply = await post({ body: JSON.stringify({ ...batch, events: [{ ...batch.events[0], ts: 0 }, 5] }) });
    expect(reply.statusCode).toBe(422);
    expect(reply.json()).toMatchObject({
      error: { code: "invalid_event", message: expect.stringContaining("Event 0") },
      rejected: [
        { index: 0, code: "timestamp_out_of_range" },
        { index: 1, code: "invalid_event" },
      ],
    });
  });

  test("answers a partly bad batch with 200 and the bad ones' reasons", async () => {
    const reply = await post({ body: JSON.stringify({ ...batch, events: [5, batch.events[0]] }) });
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({ ok: true, accepted: 1, rejected: [{ index: 0, code: "invalid_event" }] });
  });

  test("says when to come back", async () => {
    queueIsFull = true;
    const reply = await post();
    expect(reply.statusCode).toBe(503);
    expect(reply.headers["retry-after"]).toBe("3");
    expect(reply.headers["access-control-expose-headers"]).toBe("Retry-After");
  });

  test("lets a browser on another site ask first", async () => {
    const reply = await app.inject({ method: "OPTIONS", url: "/telemetry", headers: { origin: "https://a.example" } });
    expect(reply.statusCode).toBe(204);
    expect(reply.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": expect.stringContaining("Content-Encoding"),
    });
    expect(reply.headers["access-control-allow-credentials"]).toBeUndefined();
  });

  test("leaves the bodies and headers of other routes alone", async () => {
    const reply = await app.inject({ method: "POST", url: "/elsewhere", headers: json, payload: '{"a":1}' });
    expect(reply.json()).toEqual({ a: 1 });
    expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
  });
});
