import { describe, expect, it } from "vitest";
import { eventWords } from "./event-words.js";

function words(type: string, fields: object = {}): string {
  const said = eventWords({ id: "1", seq: 0, type, ts: 0, source: "sdk", receivedAt: 0, ...fields });
  return `${said.name}: ${said.detail}`.replaceAll("\u00a0", " ");
}

describe("an event in words", () => {
  it.each([
    ["first_frame", { startupMs: 347, bitrateBps: 335_736 }, "First frame: 347 ms after the intent, 336 kbit/s"],
    ["seek_start", { fromMs: 3_325, toMs: 720_013 }, "Seek: 0:03 → 12:00"],
    ["rebuffer_end", { durationMs: 1_420 }, "Plays on: 1.42 s later"],
    ["heartbeat", { bufferMs: 12_400, droppedFrames: 3 }, "Heartbeat: 12.4 s buffered, 3 frames dropped so far"],
    ["end", { reason: "left" }, "End: the viewer left"],
    ["error", { fatal: true, code: "manifestLoadError", status: 503 }, "Fatal error: manifestLoadError, HTTP 503"],
    ["custom", { name: "ad", data: { at: 3 } }, 'ad: {"at":3}'],
  ])("%s", (type, fields, said) => {
    expect(words(type, fields)).toBe(said);
  });

  it("tells waiting for the server from receiving", () => {
    const fields = { kind: "segment", segment: 12, rendition: "v0", bytes: 1_200_000, durationMs: 900, waitMs: 700 };
    expect(words("request", { ...fields, status: 200 })).toBe(
      "Got segment 12 of v0: 1.2 MB, in 900 ms, 700 ms of it waiting for the server",
    );
  });

  it("names a request that failed, and how often it was tried", () => {
    const fields = { kind: "playlist", status: 0, retries: 2, url: "http://host:1/a/index.m3u8?token=1" };
    expect(words("request", fields)).toBe("Playlist: no answer, tried 3 times, /a/index.m3u8");
  });

  it.each([
    [
      "hls_session_start",
      { delivery: "copy", preload: true, durationMs: 3 },
      "HLS session opened: copy, made ready ahead, took 3 ms",
    ],
    ["hls_session_end", { reason: "idle", segments: 1 }, "HLS session ended: nothing was heard of it, 1 segment sent"],
    ["ffmpeg_start", { encoder: "libx264", rendition: "v0", durationMs: 0 }, "Encoder started: libx264, v0"],
    ["ffmpeg_start", { soundEncoder: "aac", durationMs: 400 }, "Encoder started: aac, after waiting 400 ms for others"],
    ["segment", { rendition: "v0", bytes: 900, durationMs: 2 }, "Sent the header of v0: 900 B, took 2 ms"],
    ["segment", { segment: 3, outcome: "error", code: "busy" }, "Could not send segment 3: busy"],
  ])("tells what the server did: %s", (type, fields, said) => {
    expect(words(type, fields)).toBe(said);
  });

  it("shows the type where it is none of ours, and takes odd fields for none", () => {
    expect(words("ad_break", { durationMs: "long" })).toBe("ad_break: ");
    expect(words("rebuffer_end", { durationMs: "long" })).toBe("Plays on: ");
  });
});
