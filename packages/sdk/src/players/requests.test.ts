import type { PlayheadEvent } from "@playhead/protocol";
import { afterAll, beforeEach, expect, it, vi } from "vitest";
import { createClock } from "../record/clock.js";
import { Failures } from "../record/failures.js";
import { Playback } from "../record/playback.js";
import type { Draft } from "../record/recorder.js";
import { logRequests } from "./requests.js";

vi.stubGlobal("location", new URL("http://page.test/"));
class Entry {
  readonly startTime: number;
  readonly responseStart: number;
  readonly serverTiming: { name: string; duration: number }[];
  constructor(startTime: number, responseStart: number, waitMs: number) {
    this.startTime = startTime;
    this.responseStart = responseStart;
    this.serverTiming = [{ name: "wait", duration: waitMs }];
  }
}
vi.stubGlobal("PerformanceResourceTiming", Entry);
afterAll(() => vi.unstubAllGlobals());

let drafts: Draft[];
let entries: Entry[];
let searches: number;
let log: ReturnType<typeof logRequests>;
beforeEach(() => {
  drafts = [];
  entries = [];
  searches = 0;
  vi.spyOn(performance, "getEntriesByName").mockImplementation(() => {
    searches++;
    return entries as unknown as PerformanceEntry[];
  });
  const clock = createClock(() => 1_000);
  const record = (draft: Draft) => void drafts.push(draft);
  const failures = new Failures(record, new Playback(record, () => ({}), 0), clock, 0);
  log = logRequests({ record, clock, failures });
});
const told = () => drafts.filter((draft): draft is Extract<Draft, { type: "request" }> => draft.type === "request");

it("names a segment by its folder and number, and a playlist by its address without what is secret", () => {
  log.loaded({ kind: "segment", url: "/film/720p/12.m4s?token=x", durationMs: 40, bytes: 1_000, status: 200 });
  log.loaded({ kind: "playlist", url: "/film/720p/index.m3u8?token=x", durationMs: 10 });
  expect(told()).toMatchObject([
    { kind: "segment", rendition: "720p", segment: 12, url: undefined, bytes: 1_000, status: 200 },
    { kind: "playlist", rendition: "720p", segment: undefined, url: "http://page.test/film/720p/index.m3u8" },
  ] satisfies Partial<PlayheadEvent>[]);
});

it("counts how often a playlist was tried before it came", () => {
  log.failed("/a.m3u8");
  log.failed("/a.m3u8");
  log.failed("/b.m3u8");
  for (const url of ["/a.m3u8", "/a.m3u8", "/b.m3u8"]) log.loaded({ kind: "playlist", url, durationMs: 10 });
  expect(told().map(({ retries }) => retries)).toEqual([2, undefined, 1]);
});

it("has the first byte and the server's wait from the browser, where its entry is of this request", () => {
  entries = [new Entry(960, 975.4, 12)];
  log.loaded({ kind: "segment", url: "/v/1.m4s", durationMs: 40 });
  entries = [new Entry(100, 130, 30)];
  log.loaded({ kind: "segment", url: "/v/1.m4s", durationMs: 40 });
  expect(told().map(({ ttfbMs, waitMs }) => [ttfbMs && Math.round(ttfbMs), waitMs])).toEqual([
    [15, 12],
    [undefined, undefined],
  ]);
});

it("does not look through the browser's list for what the player and the response tell", () => {
  const header = () => "wait;dur=7";
  log.loaded({ kind: "segment", url: "/v/1.m4s", durationMs: 40, ttfbMs: 20, header });
  expect(told()).toMatchObject([{ ttfbMs: 20, waitMs: 7 }]);
  expect(searches).toBe(0);
});

it("never has the first byte after the last, whatever clock told which", () => {
  log.loaded({ kind: "segment", url: "/v/1.m4s", durationMs: 4, ttfbMs: 4.8 });
  expect(told()[0]?.ttfbMs).toBe(4);
});

it("leaves out what has no length", () => {
  log.loaded({ kind: "segment", url: "/v/1.m4s", durationMs: Number.NaN });
  expect(told()).toEqual([]);
});
