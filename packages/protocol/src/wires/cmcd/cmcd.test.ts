import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BATCH_EVENTS } from "../../batch.js";
import { checkContext, checkEvent } from "../../check-event.js";
import { field, isJsonObject } from "../../json.js";
import type { WireRecord } from "../wire-record.js";
import { decodeCmcdEvents } from "./decode-events.js";
import { eventLines, keysOfVersion1, keysOfVersion2, requestHeaders, requestQuery } from "./fixture.js";
import { cmcdKeys } from "./keys.js";
import { MAX_REPORT_CHARS } from "./report.js";
import { type CmcdRequest, decodeCmcdRequest } from "./request-report.js";
import { parseDictionary } from "./structured-fields.js";

const now = 1_765_837_003_411;

function records(body: string): readonly WireRecord[] {
  const decoded = decodeCmcdEvents(body);
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.records.map((record) => {
    if ("rejected" in record) throw new Error(record.rejected.message);
    expect(checkContext(record.context)).toMatchObject({ ok: true });
    expect(checkEvent(record.event)).toMatchObject({ ok: true });
    return record;
  });
}

const eventOf = (line: string): Readonly<Record<string, unknown>> => {
  const event = records(line)[0]?.event;
  if (!isJsonObject(event)) throw new Error("no event");
  return event;
};

/** Our fields, back to the keys that they were made of; what was kept beside them is added as it is. */
function backToKeys({ context, event }: WireRecord): Record<string, unknown> {
  if (!isJsonObject(event)) throw new Error("no event");
  const get = (name: string) => field(event, name);
  const extra = get("extra");
  const kept = isJsonObject(extra) ? extra : {};
  const isList = kept["v"] === 2;
  const number = (name: string, scale = 1) => {
    const value = get(name);
    return typeof value === "number" ? value / scale : undefined;
  };
  const list = (name: string, scale = 1) => {
    const value = number(name, scale);
    return value !== undefined && isList ? [value] : value;
  };
  const type = get("type");
  const types: Record<string, string> = {
    state_change: "ps",
    end: "ps",
    heartbeat: "t",
    quality_change: "bc",
    error: "e",
  };
  const states: Record<string, string> = {
    idle: "d",
    loading: "s",
    playing: "p",
    seeking: "k",
    buffering: "r",
    paused: "a",
    ended: "e",
    error: "f",
  };
  const protocols: Record<string, string> = { dash: "d", hls: "h", smooth: "s", hesp: "e", other: "o" };
  const state = type === "end" ? "q" : states[String(get("to") ?? get("state"))];
  const live = context.stream?.isLive;
  const made = {
    sid: context.viewId,
    cid: context.mediaId,
    sf: protocols[context.stream?.protocol ?? ""],
    st: live === undefined ? undefined : live ? "l" : "v",
    e: type === "request" ? "rr" : types[String(type)],
    sn: get("seq"),
    ts: get("ts"),
    sta: state,
    pt: number("positionMs"),
    bl: list("bufferMs"),
    br: list("toBitrateBps", 1000) ?? list("bitrateBps", 1000),
    dfa: kept["df"] === undefined ? number("droppedFrames") : undefined,
    msd: number("startupMs"),
    bsa: list("rebufferCount"),
    bsda: list("rebufferMs"),
    bsd: list("rebufferedMs"),
    d: number("mediaMs"),
    bs: get("starved"),
    su: get("urgent"),
    rc: get("status"),
    url: get("url"),
    ttfb: number("ttfbMs"),
    ttlb: number("durationMs"),
    ec: type === "error" ? [get("code")] : get("errorCodes"),
    cen: kept["e"] === "ce" ? get("name") : undefined,
    // What was kept is what was sent, so it counts.
    ...kept,
  };
  return Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined));
}

/** A dictionary as its reader sees it: tokens of keys that are tokens are text. */
function keysOf(text: string): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(parseDictionary(text), ([key, value]) => {
      const isToken = typeof value === "object" && "token" in value && cmcdKeys.has(key);
      return [key, isToken ? value.token : value];
    }),
  );
}

describe("the standard's keys", () => {
  const { anywhere, onEvents, onResponses } = keysOfVersion2;
  const seenIn = (...texts: readonly string[]) => new Set(texts.flatMap((text) => [...parseDictionary(text).keys()]));

  test.each([
    ["version 1, on requests", keysOfVersion1, requestHeaders],
    ["version 2, on requests", anywhere.split(" "), [requestQuery]],
    ["version 2, on events", [anywhere, onEvents, onResponses].flatMap((keys) => keys.split(" ")), eventLines],
  ])("are all known, and all in the fixture: %s", (_, keys, texts) => {
    expect(keys.filter((key) => !cmcdKeys.has(key))).toEqual([]);
    const seen = seenIn(...texts);
    // Only version 2 has to say so.
    expect(keys.filter((key) => !seen.has(key) && !(key === "v" && keys === keysOfVersion1))).toEqual([]);
  });

  test.each(eventLines)("come through an event report and back, and nothing is lost: %s", (line) => {
    const [record] = records(line);
    if (!record) throw new Error("no record");
    const back = backToKeys(record);
    const sent = keysOf(line);
    expect(back).toEqual(sent);
  });

  test.each([
    ["version 1", requestHeaders],
    ["version 2", [requestQuery]],
  ])("come through a request and back, and nothing is lost: %s", (_, reports) => {
    const record = decodeCmcdRequest({ ...answered, reports });
    if (typeof record === "string") throw new Error(record);
    expect(checkEvent(record.event)).toMatchObject({ ok: true });
    const back = backToKeys(record);
    const sent = keysOf(reports.join(","));
    // What the server knows better is not the player's.
    for (const key of ["e", "ts", "rc", "ttfb", "ttlb", ...("sn" in sent ? [] : ["sn"])]) delete back[key];
    expect(back).toEqual(sent);
  });
});

const answered: CmcdRequest = {
  ts: now,
  reports: [],
  hlsSessionId: "h-1",
  mediaId: "media-1",
  delivery: "copy",
  kind: "segment",
  mediaType: "video",
  rendition: "v0",
  index: 35,
  startMs: 140_140,
  status: 200,
  waitMs: 12,
  ttfbMs: 15,
  durationMs: 40,
  bytes: 1_000_000,
};

describe("an event report", () => {
  test("has the same id whenever it is sent, and no other report has it", () => {
    const ids = (body: string) => records(body).map(({ event }) => field(isJsonObject(event) ? event : {}, "id"));
    const all = ids(eventLines.join("\n"));
    expect(ids(eventLines.join("\r\n"))).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
    expect(all[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const line = `e=t,sid="a",sn=1,ts=${now}`;
    for (const other of [
      `e=ps,sta=p,sid="a",sn=1,ts=${now}`,
      `e=t,sid="b",sn=1,ts=${now}`,
      `e=t,sid="a",sn=2,ts=${now}`,
      `e=t,sid="a",sn=1,ts=${now + 1}`,
      `e=t,sid="a",ts=${now}`,
    ]) {
      expect(ids(other)).not.toEqual(ids(line));
    }
  });

  test("is in our words", () => {
    expect(eventOf(`br=(5000;v 128;a),bl=(900;v 700;a),e=t,pt=5,sid="a",sn=3,sta=p,ts=${now},v=2`)).toMatchObject({
      type: "heartbeat",
      seq: 3,
      ts: now,
      state: "playing",
      positionMs: 5,
      bitrateBps: 5_000_000,
      bufferMs: 700,
    });
    expect(eventOf(`e=ps,sid="a",sn=3,sta=k,ts=${now},v=2`)).toMatchObject({ type: "state_change", to: "seeking" });
    expect(eventOf(`e=ps,sid="a",sn=3,sta=q,ts=${now},v=2`)).toMatchObject({ type: "end", reason: "left" });
    expect(eventOf(`br=(300),e=bc,sid="a",ts=${now},v=2`)).toMatchObject({
      type: "quality_change",
      toBitrateBps: 300_000,
    });
    expect(eventOf(`e=rr,rc=404,sid="a",ts=${now},ttfb=4,ttlb=9,url="https://x.test/v/3.m4s?t=1",v=2`)).toMatchObject({
      type: "request",
      kind: "segment",
      status: 404,
      ttfbMs: 4,
      durationMs: 9,
    });
    expect(eventOf(`cen="skip intro",e=ce,sid="a",ts=${now},v=2`)).toMatchObject({
      type: "custom",
      name: "skip intro",
    });
  });

  test("that tells errors beside what it is about is several events", () => {
    expect(records(`e=t,ec=("a" "b"),sid="s",sn=1,ts=${now},v=2`).map(({ event }) => event)).toMatchObject([
      { type: "heartbeat" },
      { type: "error", code: "a", fatal: false },
      { type: "error", code: "b", fatal: false },
    ]);
    expect(records(`e=e,ec=("a" "b"),sid="s",sn=1,sta=f,ts=${now},v=2`).map(({ event }) => event)).toMatchObject([
      { type: "error", code: "a", fatal: true },
      { type: "error", code: "b", fatal: false },
    ]);
  });

  test("of a higher version is ignored", () => {
    expect(decodeCmcdEvents(`v=3,e=future,x=("?")\nv="2"`)).toEqual({ ok: true, records: [] });
    expect(decodeCmcdRequest({ ...answered, reports: ['sid="a",v=9'] })).toBe("ignored");
  });

  test.each([
    ["", []],
    ["\n\n", []],
    ["\r\n \t\n", []],
    [`e=t,sid="a",ts=${now}`, [0]],
    [`e=t,sid="a",ts=${now}\n`, [0]],
    [`\n\ne=t,sid="a",ts=${now}\n\ne=t,sid="b",ts=${now}\n\n`, [0, 1]],
  ])("is a line, and line breaks say nothing: %j", (body, indices) => {
    expect(records(body).map(({ index }) => index)).toEqual(indices);
  });

  test.each([
    [`e=t,ts=${now}`, "sid is missing"],
    [`e=t,sid="",ts=${now}`, "sid is"],
    [`e=t,sid="${"x".repeat(129)}",ts=${now}`, "sid is"],
    [`sid="a",ts=${now}`, "e is missing"],
    [`e=5,sid="a",ts=${now}`, "e is 5"],
    [`e=t,sid="a"`, "ts is missing"],
    [`e=t,sid="a",ts=-1`, "ts is -1"],
    [`e=t,sid="a",ts="x"`, 'ts is "x"'],
    ["{}", "a structured-field dictionary"],
    [`e=t,sid="a",ts=${now},x="${"y".repeat(MAX_REPORT_CHARS)}"`, "at most"],
  ])("that is none is refused by its line and why: %s", (line, message) => {
    const decoded = decodeCmcdEvents(`${eventLines[0]}\n${line}\n${eventLines[1]}`);
    expect(decoded).toMatchObject({
      ok: true,
      records: [
        { index: 0, event: {} },
        { index: 1, rejected: { code: "invalid_event", message: expect.stringContaining(message) } },
        { index: 2, event: {} },
      ],
    });
  });

  test("is one of so many at once", () => {
    const line = `e=t,sid="a",ts=${now}\n`;
    expect(decodeCmcdEvents(line.repeat(MAX_BATCH_EVENTS))).toMatchObject({ ok: true });
    expect(decodeCmcdEvents(line.repeat(MAX_BATCH_EVENTS + 1))).toMatchObject({ ok: false, code: "too_many_events" });
  });
});

describe("a request report", () => {
  test("joins what the player says to how it was answered", () => {
    expect(decodeCmcdRequest({ ...answered, reports: requestHeaders })).toMatchObject({
      format: "cmcd-request",
      context: {
        mediaId: "media-1",
        hlsSessionId: "h-1",
        stream: { delivery: "copy", protocol: "hls", isLive: false },
      },
      event: {
        ts: now,
        type: "request",
        kind: "segment",
        mediaType: "video",
        rendition: "v0",
        segment: 35,
        status: 200,
        waitMs: 12,
        durationMs: 40,
        bytes: 1_000_000,
        mediaMs: 4004,
        bitrateBps: 3_200_000,
        bufferMs: 21_300,
        starved: true,
        urgent: true,
        extra: { cid: "film-1" },
      },
    });
  });

  test.each(["", "sid", "bs", "sid=\0", "%22"])("that can't be read or names no session is left: %j", (report) => {
    expect(decodeCmcdRequest({ ...answered, reports: [report] })).toBe("unreadable");
  });
});

describe("any text", () => {
  const value = fc.oneof(
    fc.constantFrom(
      "1",
      "-1",
      "999999999999999",
      "0.5",
      '"x"',
      "x",
      "?0",
      "(1 2;a)",
      '("a" "b")',
      "()",
      ":aa==:",
      "@1",
      '"\ud800"',
    ),
    fc.string({ maxLength: 8 }),
  );
  const key = fc.oneof(
    fc.constantFrom(...cmcdKeys.keys(), "__proto__", "constructor", "com.example-x"),
    fc.string({ maxLength: 4 }),
  );
  const near = fc
    .array(fc.tuple(key, value), { maxLength: 12 })
    .map((pairs) => [`e=t,sid="a",ts=${now},v=2`, ...pairs.map(([k, v]) => `${k}=${v}`)].join(","));
  const cut = fc.tuple(fc.constantFrom(...eventLines), fc.nat(300)).map(([line, at]) => line.slice(0, at));

  test("is decoded or refused without a throw, and what comes out has valid contexts", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(near, cut, fc.string({ unit: "binary" })), { maxLength: 4 }), (lines) => {
        const decoded = decodeCmcdEvents(lines.join("\n"));
        if (!decoded.ok) return;
        for (const record of decoded.records) {
          if ("rejected" in record) expect(record.rejected.message).not.toBe("");
          else {
            expect(checkContext(record.context).ok || !JSON.stringify(record.context).isWellFormed()).toBe(true);
            checkEvent(record.event);
          }
        }
        decodeCmcdRequest({ ...answered, reports: lines });
      }),
      { seed: 8484, numRuns: 2_000 },
    );
    expect(Object.prototype).not.toHaveProperty("viewId");
  });

  test("of a million keys, lines or brackets is given up at once", () => {
    const million = 1_000_000;
    const startedAt = performance.now();
    for (const body of [
      "k,".repeat(million),
      "\n".repeat(million),
      "a=(".repeat(million),
      "x\n".repeat(MAX_BATCH_EVENTS),
    ]) {
      decodeCmcdEvents(body);
      decodeCmcdRequest({ ...answered, reports: [body] });
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
