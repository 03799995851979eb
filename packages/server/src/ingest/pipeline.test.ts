import type { Context, WireRecord } from "@playhead/protocol";
import { describe, expect, test } from "vitest";
import { isDrop, type PostContext, runPipeline } from "./pipeline.js";
import { MAX_EVENT_CHARS } from "./steps/within-size.js";
import { MAX_AGE_MS, MAX_AHEAD_MS } from "./steps/within-time.js";
import { scrubUrl } from "./steps/without-credentials.js";

const now = Date.UTC(2026, 5, 1);
const post: PostContext = { now, appId: "default", source: "sdk", bodyChars: 100, fill: (context) => context };
const event = { id: "e1", seq: 0, type: "play", ts: now };

const run = (change: Record<string, unknown>, options: { context?: Context; post?: Partial<PostContext> } = {}) => {
  const { context = { viewId: "v1" } } = options;
  const record: WireRecord = { index: 0, format: "canonical", context, event: { ...event, ...change } };
  return runPipeline(record, { ...post, ...options.post });
};
const dropOf = (result: ReturnType<typeof run>) => (isDrop(result) ? result.drop : null);

describe("the pipeline", () => {
  test("makes a record of a valid event", () => {
    expect(run({})).toEqual({ appId: "default", source: "sdk", receivedAt: now, context: { viewId: "v1" }, event });
  });

  test("marks an event of another wire with its wire", () => {
    const record: WireRecord = { index: 0, format: "seed003", context: { viewId: "v" }, event };
    expect(runPipeline(record, post)).toMatchObject({ source: "seed003" });
  });

  test("drops what its schema refuses, with the schema's words", () => {
    expect(run({ positionMs: 1.5 })).toEqual({
      drop: "invalid_event",
      message: expect.stringContaining("positionMs is 1.5, but must be a whole number"),
    });
    expect(dropOf(run({ type: "nothing" }))).toBe("unknown_type");
    expect(dropOf(run({ note: "\0" }))).toBe("not_storable");
  });

  test("drops what only the server may say", () => {
    expect(dropOf(run({ type: "segment" }))).toBe("server_only_type");
    expect(dropOf(run({ type: "transcode_error", code: "x" }))).toBe("server_only_type");
  });

  test("takes times from five years back to a day ahead", () => {
    expect(dropOf(run({ ts: now - MAX_AGE_MS }))).toBeNull();
    expect(dropOf(run({ ts: now - MAX_AGE_MS - 1 }))).toBe("timestamp_out_of_range");
    expect(dropOf(run({ ts: now + MAX_AHEAD_MS }))).toBeNull();
    expect(dropOf(run({ ts: now + MAX_AHEAD_MS + 1 }))).toBe("timestamp_out_of_range");
    expect(run({ ts: 0 })).toMatchObject({
      message: expect.stringContaining("ts is 0 (1970-01-01T00:00:00.000Z), but"),
    });
    expect(dropOf(run({ ts: Number.MAX_SAFE_INTEGER }))).toBe("timestamp_out_of_range");
  });

  test("drops an event that is too long for one row", () => {
    const large = { post: { bodyChars: 2 * MAX_EVENT_CHARS } };
    expect(dropOf(run({ note: "x".repeat(MAX_EVENT_CHARS) }, large))).toBe("event_too_large");
    expect(dropOf(run({ note: "x".repeat(MAX_EVENT_CHARS - 200) }, large))).toBeNull();
  });

  test("takes network addresses out of event and context", () => {
    const context = { viewId: "v1", ip: "10.0.0.1", custom: { client_ip: "10.0.0.2", plan: "pro" } };
    const result = run(
      {
        clientIp: "10.0.0.3",
        "X-Forwarded-For": "10.0.0.4",
        extra: { IP: "10.0.0.5", a: 1, payload: [{ network: { ip: "10.0.0.6" }, b: [2] }] },
      },
      { context },
    );
    expect(result).toMatchObject({
      event: { id: "e1", extra: { a: 1, payload: [{ network: {}, b: [2] }] } },
      context: { custom: { plan: "pro" } },
    });
    expect(JSON.stringify(result)).not.toContain("10.0.0.");
    expect(context.ip).toBe("10.0.0.1");
  });

  test("takes credentials out of URLs", () => {
    const context = { viewId: "v1", stream: { url: "https://me:pw@cdn/a.m3u8?token=abc&q=1" } };
    const result = run({ type: "load", url: "https://cdn/a.m3u8?X-Amz-Signature=abc" }, { context });
    expect(result).toMatchObject({
      event: { url: "https://cdn/a.m3u8?X-Amz-Signature=…" },
      context: { stream: { url: "https://cdn/a.m3u8?token=…&q=1" } },
    });
  });
});

test.each([
  ["https://cdn/a.m3u8?quality=high&keyframe=1", "https://cdn/a.m3u8?quality=high&keyframe=1"],
  ["/api?key=abc#t=1", "/api?key=…#t=1"],
  ["https://h/p?Policy=a~b&Signature=c&Key-Pair-Id=d", "https://h/p?Policy=…&Signature=…&Key-Pair-Id=d"],
  ["https://h/p?access_token=a", "https://h/p?access_token=…"],
  ["https://h/a@b?x=1", "https://h/a@b?x=1"],
  ["", ""],
])("%s becomes %s", (url, clean) => {
  expect(scrubUrl(url)).toBe(clean);
});
