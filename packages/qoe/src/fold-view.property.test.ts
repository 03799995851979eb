import type { RecordedEvent } from "@playhead/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { foldView } from "./fold-view.js";
import { orderEvents } from "./order-events.js";
import { buildTimeline } from "./timeline-builder.js";
import { type Line, view } from "./view-script.js";

const metrics = fc.record(
  {
    positionMs: fc.integer({ min: 0, max: 600_000 }),
    bitrateBps: fc.integer({ min: 0, max: 20_000_000 }),
    droppedFrames: fc.nat(10_000),
    decodedFrames: fc.nat(100_000),
    watchMs: fc.nat(600_000),
  },
  { requiredKeys: [] },
);
const durationMs = fc.record({ durationMs: fc.nat(60_000) }, { requiredKeys: [] });
const sampled = ["first_frame", "play", "pause", "rebuffer_start", "heartbeat"] as const;
const at = fc.integer({ min: 0, max: 600_000 }).map((ms) => ms / 1000);

/** Any event at any time: what a network, a bug or somebody else's player may send. */
const line = fc.oneof(
  fc.tuple(at, fc.constantFrom("load" as const, "play_request" as const)),
  fc.tuple(at, fc.constantFrom(...sampled), metrics),
  fc.tuple(at, fc.constant("seek_start" as const), fc.record({ toMs: fc.nat(600_000) })),
  fc.tuple(at, fc.constantFrom("seek_end" as const, "rebuffer_end" as const), durationMs),
  fc.tuple(
    at,
    fc.constant("quality_change" as const),
    fc.record({ toBitrateBps: fc.nat(20_000_000), reason: fc.constantFrom("abr" as const, "initial" as const) }),
  ),
  fc.tuple(
    at,
    fc.constant("state_change" as const),
    fc.record({ to: fc.constantFrom("playing" as const, "paused" as const, "ended" as const) }),
  ),
  fc.tuple(at, fc.constant("error" as const), fc.record({ code: fc.string(), fatal: fc.boolean() })),
  fc.tuple(at, fc.constant("end" as const), fc.record({ reason: fc.constantFrom("ended" as const, "left" as const) })),
) satisfies fc.Arbitrary<Line>;
const events = fc.array(line, { minLength: 1, maxLength: 40 }).map((lines) => view(lines));

test("order and repetition of events change nothing", () => {
  const shuffled = events.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length }),
      fc.subarray([...all]),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, permuted, repeated]) => {
      expect(foldView([...permuted, ...repeated])).toEqual(foldView(all));
    }),
  );
});

test("every number of a view is a sane one", () => {
  fc.assert(
    fc.property(events, (all) => {
      const folded = foldView(all);
      const span = folded.lastEventAt - folded.startedAt;
      for (const value of Object.values(folded)) {
        if (typeof value !== "number") continue;
        expect(Number.isFinite(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
      }
      const of = (
        metric:
          | "watchMs"
          | "pauseMs"
          | "playingMs"
          | "rebufferMs"
          | "bitrateMs"
          | "switchesUp"
          | "switchesDown"
          | "switches"
          | "rebufferCount",
      ) => folded[metric] ?? Number.NaN;
      expect(of("watchMs") + of("pauseMs")).toBeLessThanOrEqual(span);
      expect(of("playingMs") + of("rebufferMs")).toBeLessThanOrEqual(of("watchMs"));
      expect(of("bitrateMs")).toBeLessThanOrEqual(of("playingMs") + 1);
      expect(of("switchesUp") + of("switchesDown")).toBeLessThanOrEqual(of("switches"));
      expect(of("rebufferMs")).toBeGreaterThanOrEqual(250 * of("rebufferCount"));
      for (const score of [folded.seedScore, folded.startupScore, folded.smoothnessScore]) {
        if (score !== null) expect(score).toBeLessThanOrEqual(100);
      }
    }),
  );
});

test("the spans of a view join without gap or overlap", () => {
  fc.assert(
    fc.property(events, (all) => {
      const { spans } = buildTimeline(orderEvents(all).player);
      for (let i = 1; i < spans.length; i++) expect(spans[i]?.from).toBe(spans[i - 1]?.to);
      for (const { from, to } of spans) expect(to).toBeGreaterThanOrEqual(from);
    }),
  );
});

test("more stalling never raises a score", () => {
  const stallsMs = fc.array(fc.integer({ min: 250, max: 20_000 }), { maxLength: 8 });
  const stalling = (lengths: readonly number[]): readonly RecordedEvent[] => {
    // Stalls are added to ten minutes of playing, a minute apart.
    const lines: Line[] = [
      [0, "play_request"],
      [1, "first_frame"],
    ];
    let now = 1;
    for (const ms of lengths) {
      now += 60;
      lines.push([now, "rebuffer_start"]);
      now += ms / 1000;
      lines.push([now, "rebuffer_end"]);
    }
    return view([...lines, [now + 600 - 60 * lengths.length, "end"]]);
  };
  fc.assert(
    fc.property(stallsMs, fc.integer({ min: 250, max: 20_000 }), fc.nat(8), (stalls, more, where) => {
      const fewer = foldView(stalling(stalls));
      const added = foldView(stalling(stalls.toSpliced(where, 0, more)));
      const longer = foldView(stalling(stalls.map((ms, i) => (i === where ? ms + more : ms))));
      for (const worse of [added, longer]) {
        expect(worse.seedScore).toBeLessThanOrEqual(fewer.seedScore ?? 0);
        expect(worse.smoothnessScore).toBeLessThanOrEqual(fewer.smoothnessScore ?? 0);
      }
    }),
  );
});
