import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Play } from "../plays.js";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../testing/otlp-receiver.js";
import { sampleMessages as told } from "../testing/sample-messages.js";
import { boundedProcessor, type SpanCounts } from "./bounded-export.js";
import { sendTraces } from "./traces.js";

let receiver: OtlpReceiver;
let logged: string[];
beforeEach(async () => {
  receiver = await startOtlpReceiver();
  logged = [];
});
afterEach(() => receiver.close());

const traces = () =>
  sendTraces({
    endpoint: `${receiver.endpoint}/`,
    headers: { "api-key": "k" },
    log: pino({}, { write: (line: string) => logged.push(line) }),
  });

const play: Play = {
  request: told["playhead:playback.request"],
  waited: [told["playhead:encoder.wait"]],
  starts: [told["playhead:ffmpeg.start"]],
  firsts: [told["playhead:ffmpeg.first_segment"]],
  errors: [],
  segments: [told["playhead:segment.request"]],
  served: told["playhead:segment.request"],
  givenUpAt: undefined,
};

const ms = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000_000n);
const byName = (name: string): ReceivedSpan => {
  const found = receiver.spans.filter((span) => span.name === name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} spans "${name}"`);
  return found[0];
};
const parentOf = (name: string) => receiver.spans.find(({ spanId }) => spanId === byName(name).parentSpanId)?.name;
const times = (name: string) => [ms(byName(name).startTimeUnixNano), ms(byName(name).endTimeUnixNano)];

describe("a play", () => {
  it("is one trace, from its request to its first picture segment", async () => {
    const sending = traces();
    sending.played(play);
    await sending.stop();
    expect(receiver.headers).toMatchObject([
      { path: "/v1/traces", "content-type": "application/json", "api-key": "k" },
    ]);
    expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(1);
    const tree = receiver.spans.map(({ name }) => [name, parentOf(name), ...times(name)]);
    expect(tree).toHaveLength(9);
    expect(tree).toEqual(
      expect.arrayContaining([
        ["play", undefined, 500, 1_850],
        ["playback request", "play", 500, 502],
        ["plan", "playback request", 500, 501],
        ["open HLS session", "playback request", 501, 502],
        ["wait for an encoder", "play", 600, 1_000],
        ["ffmpeg", "play", 1_000, 1_800],
        ["ffmpeg start", "ffmpeg", 1_000, 1_300],
        ["first segment", "ffmpeg", 1_300, 1_800],
        ["segment request", "play", 945, 1_850],
      ]),
    );
    expect(byName("ffmpeg").attributes).toContainEqual({
      key: "playhead.encoder",
      value: { stringValue: "libx264" },
    });
    expect(sending.counts()).toEqual({ sent: 9, failed: 0, dropped: 0 });
  });

  it("that never got a segment is a failed one", async () => {
    const sending = traces();
    const error = told["playhead:ffmpeg.error"];
    sending.played({ ...play, served: undefined, givenUpAt: 2_200, firsts: [], errors: [error], segments: [] });
    await sending.stop();
    expect(byName("play").status).toEqual({ code: 2, message: "No picture segment was sent" });
    expect(times("play")).toEqual([500, 2_200]);
    expect(byName("ffmpeg").status).toMatchObject({ code: 2, message: error.message });
  });

  it("that the receiver refuses is counted, and said once", async () => {
    receiver.answer(400);
    const sending = traces();
    sending.played(play);
    await sending.stop();
    expect(sending.counts()).toEqual({ sent: 0, failed: 9, dropped: 0 });
    expect(logged).toHaveLength(1);
  });
});

it("drops spans that find too many waiting, and counts them", () => {
  const counts: SpanCounts = { sent: 0, failed: 0, dropped: 0 };
  const got: unknown[] = [];
  const ignore = { onStart: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
  const bounded = boundedProcessor({ ...ignore, onEnd: (span) => got.push(span) }, 2, counts);
  const end = () => bounded.onEnd({} as Parameters<typeof bounded.onEnd>[0]);
  end();
  end();
  end();
  expect([got.length, counts.dropped]).toEqual([2, 1]);
  counts.sent += 2;
  end();
  expect([got.length, counts.dropped]).toEqual([3, 1]);
});
