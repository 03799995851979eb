import * as fc from "fast-check";
import { SCHEMA_VERSION } from "./batch.js";
import { eventTypes, serverEventTypes } from "./event.js";
import { isJsonObject } from "./json.js";

/**
 * Generators of bad input for tests of decoders and doors: valid records of every wire, and what comes of them when fields are
 * missing, mistyped, hostile, huge or deep, and when bytes are lost or turned on the way.
 */

type Fields = Readonly<Record<string, unknown>>;

/** A wire of the JSON door, and its valid records, each with an id of its own. */
export interface FuzzedWire {
  readonly name: string;
  readonly record: fc.Arbitrary<Fields>;
}

const words = (text: string): string[] => text.split(" ");
const id = fc.uuid();
const count = fc.nat(1_000_000);
const view = fc.constantFrom("fuzz-a", "fuzz-b", "fuzz-c");

/** @param now Unix ms near which all events lie */
export function fuzzedWires(now: number): readonly FuzzedWire[] {
  const ts = fc.integer({ min: now - 3_600_000, max: now });
  const seconds = fc.oneof(
    fc.nat(10_000_000).map((ms) => ms / 1000),
    fc.double({ min: 0, max: 10_000, noNaN: true }),
  );

  const nested = fc.record({
    eventId: id,
    eventType: fc.constantFrom(...words("PLAY PAUSE BUFFER_START BUFFER_END QUALITY_CHANGE PLAYER_ERROR AD_BREAK")),
    sessionId: view,
    viewerId: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme-ascii" }),
    timestamp: ts,
    playbackPositionSec: seconds,
    quality: fc.record({ bitrateKbps: count, resolution: fc.constantFrom("720p", "1280x720", "auto") }),
    network: fc.record({ downlinkMbps: seconds, rttMs: count }),
    device: fc.record({ browser: fc.constantFrom("Chrome", "Firefox"), os: fc.constant("Mac") }),
    player: fc.record({ decodedFrames: count, droppedFrames: count, fps: fc.nat(60) }),
    engagement: fc.record({ totalWatchTime: count, interactionCount: count }),
    error: fc.record({ details: fc.constant("fragLoadError"), fatal: fc.boolean() }),
  });
  const flat = fc.record({
    event_id: id,
    event_type: fc.constantFrom("PLAY", "BUFFER_END", "SEEKED"),
    session_id: view,
    event_timestamp: ts,
    playback_position_sec: seconds,
    bitrate_kbps: count,
    buffer_start: ts,
    buffer_end: ts,
    network_rtt_ms: count,
    fps: fc.nat(60),
  });
  const tagged = fc.record({
    id,
    session_id: view,
    timestamp: ts.map((ms) => new Date(ms).toISOString()),
    sequence: count,
    event: fc.constantFrom(
      ...words("load play pause rebuffer rebuffer_end quality_change end error heartbeat custom ad"),
    ),
    position: seconds,
    duration: seconds,
    buffer_level: seconds,
    to_bitrate: count,
    to_resolution: fc.record({ width: fc.nat(4000), height: fc.nat(4000) }),
    code: fc.constant("E1"),
    name: fc.constantFrom("skip", "rate"),
    data: fc.oneof(count, id, fc.record({ at: fc.array(count) })),
  });
  const turned = fc.oneof(
    fc.record({ event: fc.constant("seek"), from: seconds, to: seconds }),
    fc.record({
      event: fc.constant("state_change"),
      from: fc.constant("Idle"),
      to: fc.constantFrom("Playing", "preroll"),
    }),
  );
  const epas = fc.record({
    event: fc.constantFrom(
      ...words(
        "metadata heartbeat loading playing paused buffering buffered seeking seeked bitrate_changed stopped error warning ad_started",
      ),
    ),
    sessionId: view,
    timestamp: ts,
    playhead: fc.oneof(fc.constant(-1), seconds, count),
    duration: fc.oneof(fc.constant(-1), seconds, count),
    payload: fc.record({
      bitrate: count,
      reason: fc.constantFrom("ended", "aborted"),
      code: id,
      contentId: id,
      live: fc.boolean(),
    }),
  });

  return [
    { name: "seed 003, nested", record: nested },
    { name: "seed 003, flat", record: flat },
    { name: "seed 004", record: tagged },
    { name: "seed 004, seek and state", record: fc.tuple(tagged, turned).map(([all, own]) => ({ ...all, ...own })) },
    { name: "EPAS", record: epas },
  ];
}

/** Canonical events of every type that a client may send. */
function canonicalEvent(now: number): fc.Arbitrary<Fields> {
  return fc.record(
    {
      id,
      seq: count,
      type: fc.constantFrom(...eventTypes.filter((type) => !serverEventTypes.has(type))),
      ts: fc.integer({ min: now - 3_600_000, max: now }),
      positionMs: count,
      bitrateBps: count,
      durationMs: count,
      to: fc.constantFrom("playing", "paused"),
      kind: fc.constant("segment"),
      code: fc.constant("E"),
      fatal: fc.boolean(),
      name: fc.constant("n"),
    },
    { requiredKeys: ["id", "seq", "type", "ts", "to", "kind", "code", "fatal", "name"] },
  );
}

const nest = (depth: number): unknown => {
  let value: unknown = "deep";
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { in: value };
  return value;
};

/** Values that some reader somewhere has choked on. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    0.1,
    5e-324,
    1e308,
    2 ** 53 + 2,
    -(2 ** 63),
    Number.POSITIVE_INFINITY,
  ),
  fc.constantFrom("", "\0", "\ud800", "a\udc00b", "\u202e", "2025-01-01T00:00:00Z", "x".repeat(3000)),
  fc.constantFrom(...words("__proto__ constructor 720p 99999x1 -1 1e9 Infinity")),
  fc.constantFrom<unknown>({}, [], [[]], nest(31), nest(33), nest(2000)),
  fc.constantFrom<unknown>(
    JSON.parse('{"__proto__": {"viewId": "polluted", "ok": true}}'),
    JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
    Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, i])),
  ),
);

const hostileNames = fc.constantFrom(
  "",
  "\0",
  "\ud800",
  ...words("__proto__ constructor toString hasOwnProperty length a.b extra id type"),
);

/** The record with some fields left out, some turned into something else, some added; also one level down. */
export function spoiled(record: fc.Arbitrary<Fields>): fc.Arbitrary<Fields> {
  const change = (names: readonly string[]) =>
    fc.tuple(names.length > 0 ? fc.oneof(fc.constantFrom(...names), hostileNames) : hostileNames, fc.option(hostile));
  return record.chain((fields) =>
    fc.array(change(Object.keys(fields)), { maxLength: 3 }).map((changes) => {
      const entries = new Map(Object.entries(fields));
      for (const [name, value] of changes) {
        if (value === null) entries.delete(name);
        else entries.set(name, value);
      }
      // Defines fields, so that one named `__proto__` is data.
      return Object.fromEntries(entries);
    }),
  );
}

/** A body of the JSON door: one record or an array of them, whole or spoiled, wires mixed; or a canonical batch. */
export function fuzzedBody(now: number): fc.Arbitrary<unknown> {
  const records = fuzzedWires(now).map(({ record }) => fc.oneof(record, withSpoiledInner(record), spoiled(record)));
  const one = fc.oneof(...records);
  const event = fc.oneof(canonicalEvent(now), spoiled(canonicalEvent(now)), hostile);
  const batch = fc.record({
    schema: fc.constant(SCHEMA_VERSION),
    sentAt: fc.constant(now),
    context: fc.oneof(
      fc.record({ viewId: view }),
      spoiled(fc.record({ viewId: view, viewerId: id, custom: fc.constant({}) })),
    ),
    events: fc.array(event, { minLength: 1, maxLength: 5 }),
  });
  return fc.oneof(one, fc.array(fc.oneof(one, one, hostile), { maxLength: 6 }), batch, batch, spoiled(batch), hostile);
}

/** The record with one of its inner objects spoiled. */
function withSpoiledInner(record: fc.Arbitrary<Fields>): fc.Arbitrary<Fields> {
  return record.chain((fields) => {
    const inner = Object.entries(fields).filter((entry): entry is [string, Fields] => isJsonObject(entry[1]));
    if (inner.length === 0) return fc.constant(fields);
    return fc
      .constantFrom(...inner)
      .chain(([name, value]) => spoiled(fc.constant(value)).map((bad) => ({ ...fields, [name]: bad })));
  });
}

/** What happens to the text of a body on its way; most arrive as they were. */
export function mangled(text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> {
  const whole = text.map((json) => new TextEncoder().encode(json));
  return fc.oneof(
    { weight: 6, arbitrary: whole },
    fc.tuple(whole, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % (bytes.length + 1))),
    fc.tuple(whole, fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => bytes.with(at % bytes.length, byte)),
    text.map((json) => new TextEncoder().encode(`\ufeff ${json}\n\n`)),
    // Numbers past 2⁵³ and past a double, and fields said twice, are things that only text can say.
    text.map((json) => new TextEncoder().encode(json.replace(/\d{6,}/, "9007199254740993"))),
    text.map((json) => new TextEncoder().encode(json.replace(/\d{3,}/, "1e999"))),
    text.map((json) => new TextEncoder().encode(json.replace(/^\{/, '{"id":"twice","sessionId":"twice",'))),
  );
}

/** Bytes for the JSON door. */
export const fuzzedJson = (now: number): fc.Arbitrary<Uint8Array> =>
  mangled(fuzzedBody(now).map((body) => JSON.stringify(body) ?? "null"));

const structured = fc.oneof(
  fc.constantFrom(
    ...words('1 -1 0.5 999999999999999 1e9 ?0 ?1 ?2 "x" x () (1;a) (300;v "x" y) :aGk=: :a @1765837003 @x "" "\\ ()'),
  ),
  fc.constantFrom(
    '"a b"',
    "(1 2)",
    '("E1" "E2")',
    `"${"x".repeat(3000)}"`,
    `(${"1 ".repeat(300)})`,
    "1;a;b=2",
    '"\0"',
    '"\u202e"',
  ),
  fc.string({ unit: "binary", maxLength: 10 }),
);
const cmcdNames = words(
  "ab bg bl br bs bsa bsd bsda cdn cen cid cs d dfa dl e ec h lb msd mtp nor ot pb pr pt rc sf sid sn st sta su tb ts ttfb ttlb url v",
);

/** A report of CMCD's event mode, as text: a line without its break. */
function fuzzedReport(now: number): fc.Arbitrary<string> {
  const whole = fc.record({
    e: fc.constantFrom(...words("ps ps t t bc rr e ce m b abs zz")),
    sid: fc.constantFrom('"cmcd-a"', '"cmcd-b"', '"cmcd-c"'),
    sn: count.map(String),
    ts: fc.integer({ min: now - 3_600_000, max: now }).map(String),
    sta: fc.constantFrom(...words("s p k r a w e f q d x")),
    br: count.map((kbps) => `(${kbps};v 128;a)`),
    bl: count.map((ms) => `(${ms})`),
    pt: count.map(String),
    rc: fc.constantFrom("200", "404", "1000"),
    cen: id.map((text) => `"${text}"`),
    ec: id.map((text) => `("${text}" "E")`),
    url: fc.constantFrom('"https://cdn.test/a/1.m4s?n=1"', '"\\"x"'),
    "com.example-x": fc.constantFrom("?1", "tok", '"text"', ":aGk=:", "0.25"),
  });
  const change = fc.tuple(
    fc.oneof(
      fc.constantFrom(...cmcdNames),
      fc.constantFrom(...words("__proto__ constructor toString X *a -b"), "", "\0"),
    ),
    fc.option(structured),
  );
  return fc.tuple(whole, fc.array(change, { maxLength: 3 })).map(([fields, changes]) => {
    const entries = new Map<string, string>(Object.entries(fields));
    for (const [name, value] of changes) {
      if (value === null) entries.delete(name);
      else entries.set(name, value);
    }
    return Array.from(entries, ([name, value]) => (value === "?1" ? name : `${name}=${value}`)).join(",");
  });
}

/** Bytes for CMCD's door: reports, whole or spoiled, a line each, and what is none. */
export const fuzzedCmcd = (now: number): fc.Arbitrary<Uint8Array> => {
  const line = fc.oneof(
    { weight: 5, arbitrary: fuzzedReport(now) },
    fc.constantFrom("", " \t", "v=3,e=t", "{}", "\0"),
    structured,
  );
  const breaks = fc.constantFrom("\n", "\n", "\r\n", "\n\n");
  return mangled(
    fc.tuple(fc.array(line, { minLength: 1, maxLength: 6 }), breaks).map(([lines, by]) => lines.join(by) || "\n"),
  );
};
