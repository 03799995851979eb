import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventQueue } from "../queue/event-queue.js";
import { Sender } from "./sender.js";

/** A real server, which answers with the next of `statuses` (the last one for ever), or cuts the connection for 0. */
let server: Server;
let url: string;
let statuses: number[];
let bodies: { events: { id: string; seq: number }[] }[];
let underway: number;
let mostUnderway: number;

beforeEach(async () => {
  statuses = [200];
  bodies = [];
  underway = 0;
  mostUnderway = 0;
  server = createServer(async (request, response) => {
    mostUnderway = Math.max(mostUnderway, ++underway);
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
    if (status === 200) bodies.push(JSON.parse(body));
    underway--;
    if (status === 0) request.socket.destroy();
    else response.writeHead(status, status === 429 ? { "retry-after": "1" } : {}).end("{}");
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

function sending(batchMs = 20) {
  const queue = new EventQueue();
  const dropped: number[] = [];
  const sender = new Sender({
    queue,
    url,
    batchMs,
    head: () => '{"schema":1,"events":[',
    onDropped: (count) => dropped.push(count),
    random: () => 0,
  });
  let seq = 0;
  const add = (count: number, urgent = false, data = "") => {
    for (let i = 0; i < count; i++, seq++) {
      queue.add({ id: `e${seq}`, seq, ts: seq, type: "custom", name: "x", data });
      sender.wake(urgent);
    }
  };
  const drained = () => new Promise<void>((resolve) => sender.whenDrained(resolve));
  return { queue, sender, dropped, add, drained };
}
const arrived = () => bodies.flatMap(({ events }) => events.map(({ seq }) => seq));

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
    const { add, sender, dropped } = sending();
    add(3);
    await sender.flush();
    add(1);
    await sender.flush();
    expect(dropped).toEqual([3]);
    expect(arrived()).toEqual([3]);
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
});
