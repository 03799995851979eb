import type { MediaReply } from "@playhead/protocol";
import { describe, expect, it } from "vitest";
import { askCapabilities, type BrowserProbe, hlsEngine } from "./capabilities.js";

const film: MediaReply = {
  id: "1",
  title: "Film",
  path: "Film.mkv",
  durationMs: 1,
  status: "ready",
  positionMs: 0,
  container: "matroska",
  codecs: ["hvc1.2.4.L153.B0", "mp4a.40.2", "ec-3"],
  chapters: [],
  tracks: [
    { kind: "video", index: 0, codec: "hevc", codecString: "hvc1.2.4.L153.B0", width: 3840, height: 2160 },
    { kind: "audio", index: 1, codec: "aac", codecString: "mp4a.40.2" },
    { kind: "audio", index: 2, codec: "eac3", codecString: "ec-3" },
  ],
};
const clip: MediaReply = { ...film, container: "mp4", codecs: ["avc1.64001f", "mp4a.40.2"], tracks: [] };

/** A browser that has these codecs in MP4, and answers as Chromium does. */
function browserWith(codecs: readonly string[], more: Partial<BrowserProbe> = {}): BrowserProbe {
  const codecsOf = (type: string) => (/codecs="([^"]*)"/.exec(type)?.[1] ?? "").split(",");
  const has = (type: string) => type.includes("/mp4") && codecsOf(type).every((codec) => codecs.includes(codec));
  return {
    isTypeSupported: has,
    canPlayType: (type) => (has(type) ? "probably" : ""),
    ...more,
  };
}

describe("askCapabilities", () => {
  it("lists the codec strings that Media Source Extensions take, each asked alone", async () => {
    const { supported } = await askCapabilities(film, browserWith(["mp4a.40.2", "hvc1.2.4.L153.B0"]));
    expect(supported).toEqual(["hvc1.2.4.L153.B0", "mp4a.40.2"]);
  });

  it("asks audio as audio", async () => {
    const asked: string[] = [];
    await askCapabilities(film, browserWith([], { isTypeSupported: (type) => asked.push(type) < 0 }));
    expect(asked).toContain('audio/mp4; codecs="ec-3"');
    expect(asked).toContain('video/mp4; codecs="hvc1.2.4.L153.B0"');
  });

  it("drops a codec whose pictures are too large for the decoder", async () => {
    const browser = browserWith(film.codecs, { decodingInfo: async () => ({ supported: false }) });
    expect((await askCapabilities(film, browser)).supported).toEqual(["mp4a.40.2", "ec-3"]);
  });

  it("keeps the first answer where Media Capabilities fail", async () => {
    const browser = browserWith(film.codecs, { decodingInfo: () => Promise.reject(new TypeError("no")) });
    expect((await askCapabilities(film, browser)).supported).toEqual(film.codecs);
  });

  it("believes nothing of a browser that says yes to everything", async () => {
    const browser: BrowserProbe = { isTypeSupported: () => true, canPlayType: () => "probably" };
    expect((await askCapabilities(film, browser)).supported).toEqual([]);
  });

  it("takes no maybe for a yes where there is no MSE", async () => {
    const browser: BrowserProbe = { canPlayType: (type) => (type.includes("none") ? "" : "maybe") };
    expect((await askCapabilities(film, browser)).supported).toEqual([]);
  });

  it("plays a file as it is only when container and all codecs fit", async () => {
    const all = browserWith(["avc1.64001f", "mp4a.40.2"]);
    expect((await askCapabilities(clip, all)).playsFile).toBe(true);
    expect((await askCapabilities({ ...clip, container: "matroska" }, all)).playsFile).toBe(false);
    expect((await askCapabilities(clip, browserWith(["avc1.64001f"]))).playsFile).toBe(false);
    const noFile = browserWith(["avc1.64001f", "mp4a.40.2"], { canPlayType: () => "maybe" });
    expect((await askCapabilities(clip, noFile)).playsFile).toBe(false);
  });
});

describe("hlsEngine", () => {
  it("prefers MSE, then the browser's own HLS, then none", () => {
    const native: BrowserProbe = { canPlayType: (type) => (type.includes("mpegurl") ? "maybe" : "") };
    expect(hlsEngine(browserWith(["avc1.42E01E", "mp4a.40.2"]))).toBe("mse");
    expect(hlsEngine(native)).toBe("native");
    expect(hlsEngine({ canPlayType: () => "" })).toBe("none");
  });
});
