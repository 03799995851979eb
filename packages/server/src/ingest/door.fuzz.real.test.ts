import { gzipSync } from "node:zlib";
import {
  checkEvent,
  decodeCmcdEvents,
  decodeTelemetry,
  type IngestReply,
  type RecordedEvent,
  type Telemetry,
} from "@playhead/protocol";
import { fuzzedCmcd, fuzzedJson } from "@playhead/protocol/fuzz";
import { openPostgresStore } from "@playhead/store-postgres";
import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "./body.js";
import { type Door, openDoor } from "./testing/open-door.js";

const silent = pino({ level: "silent" });
const APP = "default";
const now = Date.now();

/** A way in: what is thrown at it, and what its decoder makes of a text that it accepts. */
interface FuzzedDoor {
  readonly path: string;
  readonly contentTypes: readonly string[];
  readonly bytes: fc.Arbitrary<Uint8Array>;
  decode(text: string): Telemetry;
  /** Texts of the door's own that are to cost nothing: none of them says anything. */
  readonly floods: readonly string[];
}

/** As many as fit into a body, after a beginning that the door knows. */
const fill = (begin: string, part: string) =>
  begin + part.repeat(Math.floor((MAX_BODY_BYTES - 200) / Buffer.byteLength(part)));
function manyKeys(begin: string, pair: (key: string) => string): string {
  let keys = begin;
  for (let i = 0; keys.length < MAX_BODY_BYTES - 100; i++) keys += pair(i.toString(36));
  return keys;
}
const opening = '{"eventId":"e","eventType":"X","sessionId":"s","timestamp":1,"a":';
const report = `e=t,sid="flood",sn=1,ts=${now}`;

const doors: readonly FuzzedDoor[] = [
  {
    path: "/telemetry",
    contentTypes: ["application/json", "text/plain;charset=UTF-8"],
    bytes: fuzzedJson(now),
    decode: (text) => decodeTelemetry(JSON.parse(text)),
    floods: [
      `[${"0,".repeat(500_000)}0]`,
      `${manyKeys(`${opening}1`, (key) => `,"${key}":1`)}}`,
      fill(opening, "["),
      fill(opening, '{"a":'),
      `"${"\\ud800".repeat(170_000)}"`,
    ],
  },
  {
    path: "/api/v1/cmcd",
    contentTypes: ["application/cmcd", "text/cmcd", "text/plain"],
    bytes: fuzzedCmcd(now),
    decode: decodeCmcdEvents,
    floods: [
      manyKeys(report, (key) => `,x${key}=1`),
      fill(`${report},a=`, "("),
      `${fill(`${report},a=(`, "1 ")})`,
      `${fill(`${report},a="`, "é")}"`,
      fill(`${report},a=1`, ";b"),
      fill(report, "\n,"),
      fill("", "\n"),
      fill("", "v=3\n"),
    ],
  },
];

let opened: Door;

beforeAll(async () => {
  opened = await openDoor((dataDir) => openPostgresStore({ databaseUrl: null, dataDir, log: silent }));
});
afterAll(() => opened.close());

async function send(door: FuzzedDoor, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const contentType = door.contentTypes[bytes.length % door.contentTypes.length] ?? "";
  const reply = await fetch(opened.address + door.path, {
    method: "POST",
    body: bytes,
    headers: { "content-type": contentType, ...headers },
  });
  const text = await reply.text();
  return { status: reply.status, text, json: (): unknown => JSON.parse(text) };
}

/** Calls `work` on all items, some at once. */
async function forAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

describe.each(doors)("$path", (door) => {
  test("answers any bytes, stores what it says it stored, as it was sent, and nothing else", async () => {
    const bodies = fc.sample(door.bytes, { numRuns: 800, seed: 8484 });
    /** What the store must hold, by id: one of these. */
    const sent = new Map<string, Pick<RecordedEvent, "context" | "event">[]>();
    const views = new Set<string>();
    const before = opened.ingest.stats().accepted;
    let refused = 0;

    await forAll(bodies, async (bytes) => {
      const compressed = bytes.length % 3 === 0;
      const body = Uint8Array.from(compressed ? gzipSync(bytes) : bytes);
      const { status, text, json } = await send(door, body, compressed ? { "content-encoding": "gzip" } : {});
      const about = `${status} ${text.slice(0, 300)} for ${Buffer.from(bytes).toString("utf8").slice(0, 500)}`;
      expect([200, 204, 400, 413, 422], about).toContain(status);
      if (status >= 400) {
        expect(json(), about).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
        if (status !== 422) return;
      }
      const decoded = door.decode(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      if (!decoded.ok) {
        expect(status, about).toBeGreaterThanOrEqual(400);
        return;
      }
      // 204: all of it is stored.
      const reply = status === 204 ? undefined : (json() as IngestReply);
      const rejected = reply?.rejected ?? [];
      const because = new Map(rejected.map(({ index, ...reason }) => [index, reason]));
      const isRefused = ({ index }: { readonly index: number }) => because.has(index);
      // What comes of one line is refused together.
      expect(rejected.length, about).toBe(decoded.records.filter(isRefused).length);
      for (const record of decoded.records) {
        const reason = because.get(record.index);
        if (reason) {
          refused += 1;
          expect(reason.message, about).not.toBe("");
          continue;
        }
        expect(record, about).toHaveProperty("event");
        if (!("event" in record)) continue;
        const event = checkEvent(record.event);
        if (!event.ok) throw new Error(`${event.message} was stored: ${about}`);
        const { context } = record;
        // A session that the sender did not name got another name from the server.
        if (!text.includes("heartbeatInterval") || Buffer.from(bytes).includes(context.viewId)) {
          sent.set(event.event.id, [...(sent.get(event.event.id) ?? []), { context, event: event.event }]);
          views.add(context.viewId);
        }
      }
      if (status === 200 && reply) {
        expect(reply.accepted + reply.duplicates + rejected.length, about).toBe(decoded.records.length);
      }
    });

    const found = (await Promise.all([...views].map((view) => opened.store.events.ofView(APP, view)))).flat();
    for (const { context, event } of found) {
      expect(sent.get(event.id), JSON.stringify(event)).toContainEqual({ context, event });
    }
    expect(new Set(found.map(({ event }) => event.id))).toEqual(new Set(sent.keys()));
    const stored = opened.ingest.stats().accepted - before;
    expect(found).toHaveLength(stored);
    // The generators give enough of both.
    expect(stored).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(100);
  });

  test("inflates no bomb, reads no flood, and holds no more memory than its bodies", async () => {
    const floods = [
      gzipSync(Buffer.alloc(256 * MAX_BODY_BYTES)),
      gzipSync(gzipSync(Buffer.alloc(64 * MAX_BODY_BYTES))),
      gzipSync(fill("", '"é"')).subarray(0, 500),
      ...door.floods.map((text) => gzipSync(text)),
    ];
    const stored = opened.ingest.stats().accepted;
    const rss = () => process.memoryUsage().rss;
    const before = rss();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, rss())), 5);
    const statuses = new Set<number>();
    await forAll([...floods, ...floods, ...floods, ...floods], async (bomb) => {
      const { status } = await send(door, Uint8Array.from(bomb), { "content-encoding": "gzip" });
      statuses.add(status);
    });
    clearInterval(watch);
    // What says nothing is well received.
    const nothing = door.path.endsWith("cmcd") ? [204] : [];
    expect([...statuses].filter((status) => status < 400 || status >= 500)).toEqual(nothing);
    expect(opened.ingest.stats().accepted).toBe(stored);
    // Eight at once, each of at most 1 MiB of text; parsed, a value takes some tens of bytes.
    expect((most - before) / 2 ** 20).toBeLessThan(256);
  });

  test.each([
    { "content-type": "multipart/form-data" },
    { "content-type": "\x80/;;" },
    { "content-encoding": "br" },
    { "content-encoding": "gzip" },
    { "content-encoding": "gzip, gzip, gzip" },
    { "content-type": "application/json; charset=utf-16" },
  ])("answers headers such as %j", async (headers) => {
    const { status } = await send(door, new TextEncoder().encode("{}"), headers);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});
