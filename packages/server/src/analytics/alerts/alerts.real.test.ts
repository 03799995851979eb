import { once } from "node:events";
import http from "node:http";
import { TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { AlertHistoryReply, AlertRuleCreated, AlertRuleInput, AlertsReply } from "@playhead/protocol";
import { foldView } from "@playhead/qoe";
import type { StoredView } from "@playhead/store";
import { openPostgresStore } from "@playhead/store-postgres";
import { type FastifyBaseLogger, fastify } from "fastify";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { replyWithError } from "../../error-reply.js";
import type { App } from "../../http.js";
import { openRealStore, type RealStore, viewEvents } from "../real-store.js";
import { type Alerts, createAlerts, MAX_ATTEMPTS, retryAfter } from "./alerts.js";
import { alertRoutes } from "./routes.js";

const log: FastifyBaseLogger = pino({ level: "silent" });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let real: RealStore;
let app: App;
let admin = true;
/** Two servers on one database. */
let servers: readonly Alerts[];
let now = Date.UTC(2026, 10, 25, 12);
let receiver: http.Server;
let hook: string;
let status = 204;
let got: { id: string; type: string; text: string; data: { value: number; views: number; usual: number } }[] = [];

beforeAll(async () => {
  real = await openRealStore(openPostgresStore);
  receiver = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ id: request.headers["webhook-id"], ...JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(status).end();
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  hook = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
  const { alerts, views } = real.store;
  servers = [1, 2].map(() => createAlerts({ alerts, views, log, now: () => now }));
  app = fastify({ loggerInstance: log }).withTypeProvider();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(replyWithError);
  app.decorateRequest("user", null);
  app.addHook("onRequest", async (request) => {
    request.user = { id: "u", name: "u", admin };
  });
  const [first] = servers;
  if (first === undefined) throw new Error("There are two servers.");
  alertRoutes(app, { store: alerts, alerts: first, now: () => now });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await app.close();
  receiver.closeAllConnections();
  receiver.close();
  await real.close();
});
beforeEach(async () => {
  for (const { id } of (await call<AlertsReply>("GET", "")).rules) await call("DELETE", `/${id}`);
  // Each test has days of its own, so that it finds no other's views.
  now += 100 * DAY;
  got = [];
  status = 204;
  admin = true;
});

async function call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T> {
  const response = await app.inject({
    method,
    url: `/api/v1/alerts${path}`,
    ...(body === undefined ? {} : { payload: body }),
  });
  if (response.statusCode >= 300) throw new Error(`${response.statusCode} ${response.body}`);
  return (response.body === "" ? undefined : response.json()) as T;
}

const failures: Omit<AlertRuleInput, "webhookUrl"> = {
  name: "Starts fail",
  metric: "startFailureRate",
  filter: "cdn:eq:edge-b",
  condition: { kind: "threshold", op: "above", value: 0.1 },
  windowMs: HOUR,
  minViews: 10,
};
const make = (more: Partial<AlertRuleInput> = {}) =>
  call<AlertRuleCreated>("POST", "", { ...failures, webhookUrl: hook, ...more });
const state = async () => (await call<AlertsReply>("GET", "")).rules[0];
const history = async () => (await call<AlertHistoryReply>("GET", "/history")).messages;
const turn = () => Promise.all(servers.map((server) => server.turn()));

let made = 0;
/** Views of a CDN that began at `at`, of which some failed. */
async function views(at: number, count: number, failed: number, cdn = "edge-b"): Promise<void> {
  const rows: StoredView[] = Array.from({ length: count }, (_, i) => {
    const end = i < failed ? (["error", { code: "x", fatal: true }] as const) : (["end", { reason: "left" }] as const);
    const lines =
      i < failed ? [[0, "play_request"] as const] : [[0, "play_request"] as const, [1, "first_frame"] as const];
    return { appId: "default", ...foldView(viewEvents(`v${made++}`, at + i, [...lines, [60, ...end]], { cdn })) };
  });
  await real.store.views.put(rows.map((view) => ({ view, mark: 1n })));
}

describe("an alert", () => {
  test("is told once when it begins and once when it is over, however many servers look", async () => {
    await make();
    await views(now - 10 * 60_000, 20, 5);
    await views(now - 10 * 60_000, 50, 0, "edge-a");
    await turn();
    expect(got).toMatchObject([{ type: "alert.firing", data: { value: 0.25, views: 20 } }]);
    expect(got[0]?.text).toBe("Starts fail: startFailureRate (cdn:eq:edge-b) is 0.25, above 0.1, over 20 views.");
    expect(await state()).toMatchObject({
      state: "firing",
      stateSince: now,
      finding: { verdict: "breached", value: 0.25 },
    });

    now += 61_000;
    await turn();
    expect(got).toHaveLength(1);

    // An hour later nobody has watched: that says nothing.
    now += HOUR;
    await turn();
    expect(await state()).toMatchObject({ state: "firing", finding: { verdict: "too_few", views: 0 } });
    await views(now - 60_000, 20, 1);
    now += 61_000;
    await turn();
    await turn();
    expect(got.map(({ type }) => type)).toEqual(["alert.firing", "alert.resolved"]);
    expect((await history()).map(({ kind, delivery, attempts }) => [kind, delivery, attempts])).toEqual([
      ["resolved", "delivered", 1],
      ["firing", "delivered", 1],
    ]);
  });

  test("holds now against the same hour of past days", async () => {
    await make({ condition: { kind: "deviation", op: "above", percent: 100, days: 7 }, metric: "views", filter: "" });
    for (let day = 1; day <= 4; day++) await views(now - day * DAY - 60_000, 10 + day, 0);
    await views(now - 60_000, 24, 0);
    await turn();
    // 11, 12, 13 and 14 are usually 12.5; 24 is less than twice that.
    expect(await state()).toMatchObject({ state: "ok", finding: { usual: 12.5, limit: 25, value: 24 } });
    await views(now - 30_000, 2, 0);
    now += 61_000;
    await turn();
    expect(got).toMatchObject([{ type: "alert.firing", data: { value: 26, usual: 12.5 } }]);
  });

  test("is tried again, later and later, and then given up", async () => {
    status = 503;
    await make();
    await views(now - 60_000, 20, 5);
    await turn();
    expect((await history())[0]).toMatchObject({
      delivery: "pending",
      attempts: 1,
      error: "The receiver answered 503.",
    });
    await turn();
    expect(got).toHaveLength(1);
    now += retryAfter(1) ?? 0;
    status = 204;
    await turn();
    expect((await history())[0]).toMatchObject({ delivery: "delivered", attempts: 2 });
    // The same id, so that who took it the first time can tell.
    expect(new Set(got.map(({ id }) => id)).size).toBe(1);
    const waits = Array.from({ length: MAX_ATTEMPTS }, (_, i) => retryAfter(i + 1));
    expect(waits).toEqual([10, 30, 90, 270, 810, 2_430, 3_600, 3_600, undefined].map((s) => s && s * 1000));
  });

  test("of a rule that was changed starts anew, and one that is turned off is not looked at", async () => {
    const { rule } = await make();
    await views(now - 60_000, 20, 5);
    await turn();
    expect(await state()).toMatchObject({ state: "firing" });
    await call("PUT", `/${rule.id}`, { ...failures, webhookUrl: hook, enabled: false });
    expect(await state()).toMatchObject({ state: "ok", finding: null, enabled: false });
    now += 61_000;
    await turn();
    expect(got).toHaveLength(1);
  });
});

describe("the routes", () => {
  test("send a test and tell what came of it", async () => {
    const { rule } = await make();
    expect(await call("POST", `/${rule.id}/test`)).toEqual({ delivered: true, error: null });
    status = 500;
    now += 1;
    expect(await call("POST", `/${rule.id}/test`)).toEqual({ delivered: false, error: "The receiver answered 500." });
    expect(got).toMatchObject([{ type: "alert.test", text: "Starts fail: a test. Nothing is wrong." }, {}]);
    expect((await history()).map(({ kind, delivery }) => [kind, delivery])).toEqual([
      ["test", "failed"],
      ["test", "delivered"],
    ]);
    await turn();
    expect(got).toHaveLength(2);
  });

  test("show a secret when it is made, and addresses to the administrator alone", async () => {
    const { rule, secret } = await make();
    expect(secret).toMatch(/^whsec_/);
    expect(rule).toMatchObject({ ...failures, webhookUrl: hook, enabled: true, state: "ok", finding: null });
    admin = false;
    const listed = JSON.stringify(await call<AlertsReply>("GET", ""));
    expect(listed).toContain(rule.id);
    expect(listed).not.toContain(hook);
    expect(listed).not.toContain("whsec_");
  });

  test.each([
    [{ metric: "mood" }, /metric is .*mood.* must be one of views/],
    [{ filter: "colour:eq:red" }, /must be one of browser/],
    [{ webhookUrl: "ftp://x" }, /must begin with https/],
    [{ webhookUrl: "http://169.254.169.254/" }, /no alert is sent/],
    [{ condition: { kind: "deviation", op: "above", percent: 50, days: 2 } }, /condition/],
    [{ windowMs: 1_000 }, /windowMs/],
    [{ name: "" }, /name/],
  ])("refuse %j", async (more, message) => {
    // Some of them are no rule even by their type.
    await expect(make(more as Partial<AlertRuleInput>)).rejects.toThrow(message);
  });

  test.each(["PUT", "DELETE"] as const)("know no rule that is none: %s", async (method) => {
    await expect(call(method, "/nobody", { ...failures, webhookUrl: hook })).rejects.toThrow(/404.*alert_not_found/);
  });
});
