import { gzipSync } from "node:zlib";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { Context } from "@playhead/protocol";
import type { EventStore } from "@playhead/store";
import * as fc from "fast-check";
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

const report = (sn: number, more = "") => `e=ps,sid="s",sn=${sn},sta=p,ts=${now},v=2${more}`;
const cmcd = { "content-type": "application/cmcd" };

let app: App;
let queueIsFull = false;
let stored: Set<string>;
let contexts: Context[];

beforeEach(async () => {
  stored = new Set();
  contexts = [];
  queueIsFull = false;
  const events: EventStore = {
    append: async (group) => {
      contexts.push(...group.map(({ context }) => context));
      return group.map((e) => stored.size < stored.add(e.event.id).size);
    },
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
    submitCmcd: async (...args) => {
      if (queueIsFull) throw new AppError("busy", { retryAfterS: 3 });
      return await ingest.submitCmcd(...args);
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

  test("reads the device off the request where the batch does not name it", async () => {
    const agent = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0";
    await post({ headers: { ...json, "user-agent": agent } });
    expect(contexts).toEqual([
      { viewId: "v", device: { browser: "Firefox", browserVersion: "133.0", os: "Windows", type: "desktop" } },
    ]);
  });

  test.each([
    ["JSON with a charset", { headers: { "content-type": "application/json; charset=utf-8" } }],
    ["plain text", { headers: { "content-type": "text/plain;charset=UTF-8" } }],
    ["no content type", { headers: {} }],
    [
      "gzip that nothing announces",
      { headers: { "content-type": "text/plain" }, body: gzipSync(JSON.stringify(batch)) },
    ],
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

describe("the door of CMCD's event mode", () => {
  const send = (body: string | Buffer, headers: Record<string, string> = cmcd) =>
    post({ url: "/api/v1/cmcd", headers, body });

  test.each([
    ["its own type", cmcd],
    ["its draft's type", { "content-type": "text/cmcd; charset=utf-8" }],
    ["plain text", { "content-type": "text/plain;charset=UTF-8" }],
    ["no content type", {}],
  ])("answers 204 to reports of %s, each stored once", async (_name, headers) => {
    const reply = await send(`${report(1)}\n${report(2)}\n`, headers);
    expect([reply.statusCode, reply.body]).toEqual([204, ""]);
    expect(reply.headers["access-control-allow-origin"]).toBe("*");
    expect((await send(report(2), headers)).statusCode).toBe(204);
    expect(stored.size).toBe(2);
  });

  test("inflates, and ignores what is of a version to come", async () => {
    const body = gzipSync(`${report(1)}\ne=x,v=3`);
    expect((await send(body, { ...cmcd, "content-encoding": "gzip" })).statusCode).toBe(204);
    expect(stored.size).toBe(1);
    expect((await send("e=x,v=3")).statusCode).toBe(204);
  });

  test("stores the good lines and names the bad ones", async () => {
    const reply = await send(`${report(1)}\n{"no":1}\n${report(2)}\ne=t,sid="s",ts=1,v=2`);
    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 1, code: "invalid_event" },
        { index: 3, code: "timestamp_out_of_range" },
      ],
    });
  });

  test.each([
    ["only bad lines", "e=ps", 422, "invalid_event"],
    ["a string with a NUL", `e=t,sid="a\0",ts=${now}`, 422, "invalid_event"],
    ["half a surrogate pair in the making", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 400, "bad_request"],
    ["no bytes", "", 400, "bad_request"],
    ["invalid UTF-8", Buffer.from([0xff]), 400, "bad_request"],
    ["too many bytes", " ".repeat(MAX_BODY_BYTES + 1), 413, "payload_too_large"],
    ["too many lines", `${report(1)}\n`.repeat(5_001), 413, "payload_too_large"],
    ["numbers past a double", `e=t,sid="a",sn=99999999999999999999,ts=${now}`, 422, "invalid_event"],
    ["a million keys", `${report(1)}${",k".repeat(400_000)}`, 422, "invalid_event"],
  ])("refuses %s, and says why", async (_name, body, status, code) => {
    const reply = await send(body);
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ error: { code, message: expect.any(String) } });
    expect(stored.size).toBe(0);
  });

  test("never answers 5xx, whatever comes", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some)),
      fc.string({ unit: "binary", maxLength: 80 }).map((text) => Buffer.from(report(1, `,${text}`))),
      fc.nat(60).map((end) => Buffer.from(report(1).slice(0, end))),
    );
    const headers = fc.constantFrom<Record<string, string>>(cmcd, {}, { ...cmcd, "content-encoding": "gzip" });
    await fc.assert(
      fc.asyncProperty(bytes, headers, async (body, sent) => {
        expect((await send(body, sent)).statusCode).toBeLessThan(500);
      }),
      { seed: 8484, numRuns: 300 },
    );
  });

  test("says when to come back, and to another site what it may send", async () => {
    queueIsFull = true;
    const reply = await send(report(1));
    expect([reply.statusCode, reply.headers["retry-after"]]).toEqual([503, "3"]);
    const asked = await app.inject({
      method: "OPTIONS",
      url: "/api/v1/cmcd",
      headers: { origin: "https://a.example" },
    });
    expect(asked.headers["access-control-allow-headers"]).toContain("Content-Type");
  });

  test("tells reporters to stop where CMCD is off, whatever key they have", async () => {
    const off = fastify().withTypeProvider<TypeBoxTypeProvider>();
    off.setErrorHandler(replyWithError);
    const events: EventStore = { append: async () => [], ofView: async () => [] };
    ingestRoutes(off, createIngest({ events, log: pino({ level: "silent" }) }), { cmcd: false });
    const reply = await off.inject({ method: "POST", url: "/api/v1/cmcd", headers: cmcd, payload: report(1) });
    expect(reply.statusCode).toBe(410);
    expect(reply.headers["access-control-allow-origin"]).toBe("*");
    await off.close();
  });
});
