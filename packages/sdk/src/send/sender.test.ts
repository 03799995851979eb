import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DROPPED, EventQueue } from "../queue/event-queue.js";
import type { Leftover } from "./leftovers.js";
import { Sender, type SenderDeps } from "./sender.js";

/** A real server, which answers with the next of `statuses` (the last one for ever), or cuts the connection for 0. */
let server: Server;
let url: string;
let statuses: number[];
let bodies: { context: object; events: { id: string; seq: number; data?: { count?: number } }[] }[];
let wire: Buffer[];
let reply: string;
let underway: number;
let mostUnderway: number;

beforeEach(async () => {
  statuses = [200];
  bodies = [];
  wire = [];
  reply = "{}";
  underway = 0;
  mostUnderway = 0;
  server = createServer(async (request, response) => {
    mostUnderway = Math.max(mostUnderway, ++underway);
    const body = await buffer(request);
    wire.push(body);
    const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
    if (status === 200) bodies.push(JSON.parse((body[0] === 0x1f ? gunzipSync(body) : body).toString()));
    underway--;
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, status === 429 ? { "retry-after": "1" } : {}).end(reply);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = typeof address === "object" && address ? `http://127.0.0.1:${address.port}/` : "";
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

function sending(batchMs = 20, options: Partial<SenderDeps> = {}) {
  const queue = new EventQueue();
  const kept = new Map<string, Leftover>();
  let seq = 0;
  let wrote = 0;
  const sender: Sender = new Sender({
    queue,
    url,
    batchMs,
    maxRetries: 50,
    context: () => ({ viewId: "v" }),
    now: () => 1_000,
    page: () => "seen",
    onDropped: (count) => {
      queue.add({ id: `d${seq}`, seq: -1, ts: 0, type: "custom", name: DROPPED, data: { count } });
      sender.wake(false);
    },
    onStored: () => {},
    keep(before, next) {
      if (before) kept.delete(before);
      const key = next && `k${wrote++}`;
      if (key) kept.set(key, next);
      return key;
    },
    random: () => 0,
    ...options,
  });
  const add = (count: number, urgent = false, data = "") => {
    for (let i = 0; i < count; i++, seq++) {
      queue.add({ id: `e${seq}`, seq, ts: seq, type: "custom", name: "x", data });
      sender.wake(urgent);
    }
  };
  const drained = () => new Promise<void>((resolve) => sender.whenDrained(resolve));
  return { queue, sender, kept, add, drained };
}
const arrived = () => bodies.flatMap(({ events }) => events.map(({ seq }) => seq)).filter((seq) => seq >= 0);
/** What the reports of dropped events that arrived add up to. */
const told = () => bodies.flatMap(({ events }) => events).reduce((sum, { data }) => sum + (data?.count ?? 0), 0);

describe("sending", () => {
  it("gathers what comes within the batch's time into one request", async () => {
    const { add, drained } = sending();
    add(5);
    await drained();
    expect(bodies.map(({ events }) => events.length)).toEqual([5]);
  });

  it("lets what is urgent go at once, one request at a time", async () => {
    const { add, drained } = sending(60_000);
    add(1, true);
    add(1, true);
    await drained();
    expect(arrived()).toEqual([0, 1]);
    expect(mostUnderway).toBe(1);
  });

  it("loses and doubles nothing through failures of the server and of the network", async () => {
    statuses = [500, 0, 503, 408, 429, 200];
    const { add, drained, queue, sender } = sending();
    add(4);
    await drained();
    expect(arrived()).toEqual([0, 1, 2, 3]);
    expect(queue.size).toBe(0);
    expect(sender.counts).toMatchObject({ stored: 4, failures: 5, requests: 6 });
  });

  it("does not repeat what is refused, and says how much it was with the next batch", async () => {
    statuses = [400, 200];
    const { add, sender } = sending();
    add(3);
    await sender.flush();
    add(1);
    await sender.flush();
    expect(told()).toBe(3);
    expect(arrived()).toEqual([3]);
  });

  it("gives up what was sent in vain once and `maxRetries` times more, and says how much", async () => {
    statuses = [500, 500, 500, 200];
    const { add, drained, sender } = sending(20, { maxRetries: 2 });
    add(4);
    await drained();
    expect(arrived()).toEqual([]);
    expect(told()).toBe(4);
    expect(sender.counts).toMatchObject({ requests: 4, failures: 3 });
  });

  it("carries a count on when its report is refused too, and does not repeat it for ever", async () => {
    statuses = [400, 400, 200];
    const { add, sender } = sending();
    add(3);
    await sender.flush();
    add(1);
    await sender.flush();
    expect(wire).toHaveLength(2);
    add(1);
    await sender.flush();
    expect(told()).toBe(3 + 1 + 1);
  });

  it("counts the events that the server refuses in a batch that it stores, and says so by itself", async () => {
    reply = '{"ok":true,"accepted":2,"duplicates":0,"rejected":[{"index":1,"code":"x","message":"y"}]}';
    const { add, drained, queue, sender } = sending();
    add(3);
    await sender.flush();
    reply = "{}";
    await drained();
    expect(sender.counts.stored).toBe(2 + 1);
    expect(queue.dropped).toBe(1);
    expect(told()).toBe(1);
  });

  it("compresses what is worth it, and leaves small bodies alone", async () => {
    const { add, sender } = sending();
    add(1);
    await sender.flush();
    add(20, false, "some words that come again");
    await sender.flush();
    expect(wire[0]?.[0]).toBe("{".codePointAt(0));
    expect(wire[1]?.length).toBeLessThan(JSON.stringify(bodies[1]).length / 3);
    expect(bodies[1]?.events).toHaveLength(20);
  });

  it("tells the context until a batch with it is acknowledged, then its ids and what has changed", async () => {
    statuses = [500, 200];
    let context: object = { viewId: "v", mediaId: "m", player: { name: "p" }, network: { rttMs: 50 } };
    const { add, sender, drained } = sending(20, { context: () => context });
    add(1);
    await drained();
    context = { ...context, network: { rttMs: 100 } };
    add(1);
    await sender.flush();
    add(1);
    await sender.flush();
    expect(bodies.map(({ context }) => context)).toEqual([
      { viewId: "v", mediaId: "m", player: { name: "p" }, network: { rttMs: 50 } },
      { viewId: "v", mediaId: "m", network: { rttMs: 100 } },
      { viewId: "v", mediaId: "m" },
    ]);
  });

  it("cuts a backlog into bodies that may leave with a closing page, and sends them one after the other", async () => {
    const { add, drained } = sending(500);
    add(40, false, "z".repeat(4_000));
    const began = performance.now();
    await drained();
    expect(arrived()).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(bodies.every((body) => JSON.stringify(body).length < 56 * 1024)).toBe(true);
    expect(bodies.length).toBeGreaterThan(2);
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(mostUnderway).toBe(1);
  });

  it("sends nothing before the server wants it again", async () => {
    statuses = [429, 200];
    const { add, sender, drained } = sending();
    add(1, true);
    await sender.flush();
    const began = performance.now();
    add(1, true);
    await sender.flush();
    expect(arrived()).toEqual([]);
    await drained();
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(arrived()).toEqual([0, 1]);
  });

  it("does not send again, on leaving, what a surviving request carries already", async () => {
    const { add, sender, drained } = sending();
    add(2, true);
    const flushed = sender.flush();
    add(1);
    sender.farewell();
    await flushed;
    await drained();
    expect(new Set(arrived())).toEqual(new Set([0, 1, 2]));
    expect(arrived()).toHaveLength(3);
  });

  it("overtakes, on leaving, what is still being compressed", async () => {
    const { add, sender, drained } = sending();
    add(20, false, "words enough to be compressed");
    const flushed = sender.flush();
    // A page that goes says so first by `pagehide`, then by `visibilitychange`.
    sender.farewell();
    sender.farewell();
    await flushed;
    await drained();
    expect(arrived()).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(wire).toHaveLength(1);
  });

  it("writes down what is not acknowledged when the page goes, and takes it back when it is", async () => {
    const { add, sender, drained, kept } = sending(60_000, { page: () => "gone" });
    add(3);
    sender.farewell();
    expect([...kept.values()]).toMatchObject([{ url, context: '{"viewId":"v"}', gone: true }]);
    expect([...kept.values()][0]?.entries).toHaveLength(3);
    await drained();
    expect(kept.size).toBe(0);
  });

  it("writes down at once what is recorded while nobody sees the page", async () => {
    const { add, sender, kept } = sending(60_000, { page: () => "hidden" });
    add(1);
    add(1);
    expect([...kept.values()]).toMatchObject([{ entries: [{}, {}], gone: false }]);
    await sender.flush();
    expect(kept.size).toBe(0);
  });

  it("writes down what failed, and nothing while all goes well", async () => {
    statuses = [200, 500, 200];
    const { add, sender, drained, kept } = sending();
    add(1);
    await sender.flush();
    expect(kept.size).toBe(0);
    add(2);
    await sender.flush();
    expect([...kept.values()]).toMatchObject([{ entries: [{}, {}], gone: false }]);
    await drained();
    expect(kept.size).toBe(0);
  });

  it("obeys the server's wait also when the page goes: what is left is written down", async () => {
    statuses = [429, 200];
    const { add, sender, kept } = sending();
    add(1, true);
    await sender.flush();
    sender.farewell();
    expect(wire).toHaveLength(1);
    expect([...kept.values()]).toMatchObject([{ entries: [{}] }]);
  });

  it("tries at once when the network is back, whatever its own waiting", async () => {
    statuses = [500, 500, 500, 500, 200];
    let wait = 0;
    const { add, sender, drained } = sending(20, { random: () => wait });
    add(1, true);
    await sender.flush();
    wait = 1;
    await sender.flush();
    statuses = [200];
    sender.comeBack();
    await drained();
    expect(arrived()).toEqual([0]);
  });
});
