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

  it("shows the type where it is none of ours, and takes odd fields for none", () => {
    expect(words("ad_break", { durationMs: "long" })).toBe("ad_break: ");
    expect(words("rebuffer_end", { durationMs: "long" })).toBe("Plays on: ");
  });
});
