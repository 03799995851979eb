import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import type { AudioStream, MediaInfo, VideoStream } from "./media-info.js";

const h264 = "avc1.640028";
const hevc10 = "hvc1.2.4.L120.90";
const aac = "mp4a.40.2";
const plays = (...codecs: string[]) => new Set(codecs);

const stream = {
  index: 0,
  bitrateBps: 4_000_000,
  startTimeMs: 0,
  durationMs: 60_000,
  language: null,
  title: null,
  isDefault: true,
};
const video = (over: Partial<VideoStream> = {}): VideoStream => ({
  ...stream,
  codec: "h264",
  codecString: h264,
  width: 1920,
  height: 1080,
  frameRate: { num: 24_000, den: 1001 },
  variableFrameRate: false,
  bitDepth: 8,
  pixelFormat: "yuv420p",
  rotation: 0,
  sampleAspectRatio: { num: 1, den: 1 },
  interlaced: false,
  hdr: null,
  reorderDepth: 2,
  ...over,
});
const audio = (over: Partial<AudioStream> = {}): AudioStream => ({
  ...stream,
  index: 1,
  codec: "aac",
  codecString: aac,
  bitrateBps: 128_000,
  channels: 2,
  sampleRate: 48_000,
  profile: "LC",
  ...over,
});
const eac3 = (over: Partial<AudioStream> = {}) => audio({ codec: "eac3", codecString: "ec-3", channels: 6, ...over });
const film = (over: Partial<MediaInfo> = {}): MediaInfo => ({
  container: "matroska",
  durationMs: 60_000,
  startTimeMs: 0,
  sizeBytes: 30_000_000,
  bitrateBps: 4_200_000,
  video: [video()],
  audio: [audio()],
  subtitles: [],
  chapters: [],
  keyframes: [0, 2, 9, 14, 25, 33, 41, 50],
  packageable: true,
  ...over,
});
const hevcFilm = (over: Partial<MediaInfo> = {}) =>
  film({ video: [video({ codec: "hevc", codecString: hevc10, bitDepth: 10 })], ...over });

describe("a file is played directly", () => {
  it("when the browser opens its container and plays its streams", () => {
    const plan = decide(film({ container: "mp4" }), plays(h264, aac));
    expect(plan).toMatchObject({ delivery: "direct", video: [], audio: [] });
    expect(plan.reasons).toEqual(["This browser plays the MP4 file as it is."]);
  });

  it("when it is a WebM of VP8 and Vorbis, which HLS could not carry", () => {
    const webm = film({
      container: "webm",
      video: [video({ codec: "vp8", codecString: "vp8" })],
      audio: [audio({ codec: "vorbis", codecString: "vorbis" })],
    });
    expect(decide(webm, plays("vp8", "vorbis")).delivery).toBe("direct");
  });

  it("though a track that would not be played at first is foreign to the browser", () => {
    const info = film({ container: "mp4", audio: [eac3({ isDefault: false }), audio({ index: 2 })] });
    expect(decide(info, plays(h264, aac)).delivery).toBe("direct");
  });

  it("but not when playlists are preferred, nor out of Matroska", () => {
    expect(decide(film({ container: "mp4" }), plays(h264, aac), { prefer: "hls" }).delivery).toBe("copy");
    expect(decide(film(), plays(h264, aac)).delivery).toBe("copy");
  });
});

describe("a stream is copied", () => {
  it("with its own codec string, size and rate, cut at its keyframes", () => {
    const { video: videos, audio: audios, reasons } = decide(film(), plays(h264, aac));
    expect(videos.filter(({ mode }) => mode === "copy")).toHaveLength(1);
    expect(videos[0]).toMatchObject({
      id: "v0-copy",
      mode: "copy",
      codecString: h264,
      width: 1920,
      height: 1080,
      frameRate: { num: 24_000, den: 1001 },
      averageBandwidthBps: 4_000_000,
    });
    expect(videos[0]?.plan.boundaries).toEqual([0, 2, 9, 14, 25, 33, 41, 50, 60]);
    expect(audios[0]).toMatchObject({ id: "a1-copy", mode: "copy", codecString: aac });
    expect(audios[0]?.plan.boundaries).toEqual(videos[0]?.plan.boundaries);
    expect(reasons).toEqual([
      "Video is H.264, which this browser plays, so it is repackaged without loss.",
      "Audio is AAC, which this browser plays, so it is repackaged without loss.",
    ]);
  });

  it("beside a converted one: the dearest names the delivery", () => {
    const plan = decide(film({ audio: [eac3()] }), plays(h264));
    expect(plan.delivery).toBe("transcode");
    expect(plan.video[0]?.mode).toBe("copy");
    expect(plan.audio[0]).toMatchObject({ mode: "transcode", id: "a1-aac", channels: 2, codecString: aac });
    expect(plan.reasons[1]).toBe(
      "Audio is Dolby Digital Plus (E-AC-3), which this browser does not play, so it is converted to AAC.",
    );
  });

  it.each(["pq", "hlg"] as const)("unless it is HDR (%s) and the screen is not: then it is converted to SDR", (hdr) => {
    const info = film({ video: [video({ codec: "hevc", codecString: hevc10, bitDepth: 10, hdr })] });
    const on = (shown?: boolean) =>
      decide(info, plays(hevc10), shown === undefined ? {} : { means: { hdr: shown, isNear: true } });
    for (const copied of [on(true), on()]) {
      expect(copied.video[0]).toMatchObject({ mode: "copy", hdr });
    }
    const { delivery, video: rungs, reasons } = on(false);
    expect(delivery).toBe("transcode");
    expect(rungs.map(({ mode, hdr: range }) => [mode, range])).toEqual(rungs.map(() => ["transcode", undefined]));
    expect(reasons[0]).toContain("HEVC 10-bit HDR, which this screen does not show, so it is converted to H.264");
    const file = { ...info, container: "mp4" };
    expect(decide(file, plays(hevc10), { means: { hdr: false, isNear: true } }).delivery).toBe("transcode");
  });

  it("an SDR film is copied whatever the screen", () => {
    const info = film({ video: [video({ codec: "hevc", codecString: hevc10, bitDepth: 10 })] });
    expect(decide(info, plays(hevc10), { means: { hdr: false } }).video[0]?.mode).toBe("copy");
  });

  it("and says its transfer function when it is HDR", () => {
    const info = film({ video: [video({ codec: "hevc", codecString: hevc10, bitDepth: 10, hdr: "pq" })] });
    expect(decide(info, plays(hevc10)).video[0]).toMatchObject({ mode: "copy", hdr: "pq" });
  });

  it("without the rest of the file's bit rate where its own is not told", () => {
    const info = film({ video: [video({ bitrateBps: null })] });
    expect(decide(info, plays(h264)).video[0]?.averageBandwidthBps).toBe(4_072_000);
  });
});

describe("video is converted, with the reason,", () => {
  it("when the browser does not play it", () => {
    const { video: videos, audio: audios, reasons, delivery } = decide(hevcFilm(), plays(h264, aac));
    expect(delivery).toBe("transcode");
    expect(videos[0]).toMatchObject({
      id: "v0-h264-1080",
      mode: "transcode",
      codecString: "avc1.640028",
      level: "4.0",
      gopFrames: 48,
      frameRate: { num: 24_000, den: 1001 },
    });
    expect(audios[0]?.mode).toBe("copy");
    expect(reasons[0]).toBe("Video is HEVC 10-bit, which this browser does not play, so it is converted to H.264.");
  });

  it.each<[string, Partial<MediaInfo>, RegExp]>([
    ["its codec has no string", { video: [video({ codec: "mpeg4", codecString: null })] }, /MPEG-4 Part 2/],
    ["HLS can't carry it", { video: [video({ codec: "vp8", codecString: "vp8" })] }, /VP8, which HLS can't carry/],
    ["the packager can't read the file", { packageable: false, container: "flv" }, /container \(flv\)/],
    ["it has no keyframe index", { keyframes: null }, /no keyframe index/],
    ["it has no keyframe", { keyframes: [] }, /no keyframe index/],
    ["its groups of pictures are open", { openGops: true }, /open groups of pictures/],
    ["its keyframes are too far apart", { keyframes: [0, 5, 40] }, /35 s between keyframes/],
    ["its last GOP is too long", { keyframes: [0, 5, 20] }, /40 s between keyframes/],
  ])("when %s", (_, over, reason) => {
    const plan = decide(film(over), plays(h264, aac, "vp8"));
    expect(plan.video[0]?.mode).toBe("transcode");
    expect(plan.reasons[0]).toMatch(reason);
  });

  it("to no more than 1080p unless more is asked for, in the right shape", () => {
    const info = hevcFilm({ video: [video({ codecString: null, width: 3840, height: 1600 })] });
    expect(decide(info, plays()).video[0]).toMatchObject({ width: 1920, height: 800, id: "v0-h264-800" });
  });

  it("in segments that its sound shares, to the frame of either", () => {
    const { video: videos, audio: audios } = decide(hevcFilm({ audio: [eac3()] }), plays());
    expect(videos[0]?.plan.boundaries.slice(0, 3)).toEqual([0, 0.5005, 1.001]);
    const [sound] = audios;
    expect(sound?.mode === "transcode" && sound.frameBoundaries.slice(0, 3)).toEqual([0, 24, 47]);
  });
});

describe("of several audio streams", () => {
  const info = film({
    audio: [
      audio({ isDefault: false, language: "eng", title: null }),
      eac3({ index: 2, language: "ger", channels: 6 }),
      audio({ index: 3, isDefault: false, language: "eng" }),
    ],
  });

  it("the default comes first, and all are there under names of their own", () => {
    const { audio: audios } = decide(info, plays(h264, aac));
    expect(audios.map(({ id, name, language, isDefault }) => [id, name, language, isDefault])).toEqual([
      ["a2-aac", "German (5.1)", "de", true],
      ["a1-copy", "English", "en", false],
      ["a3-copy", "English (2)", "en", false],
    ]);
  });

  it("the first is the default when none says so", () => {
    const quiet = { ...info, audio: info.audio.map((track) => ({ ...track, isDefault: false })) };
    expect(decide(quiet, plays(h264, aac)).audio[0]?.id).toBe("a1-copy");
  });
});

describe("a file of one kind", () => {
  it("has video only", () => {
    const plan = decide(film({ audio: [] }), plays(h264));
    expect(plan).toMatchObject({ delivery: "copy", audio: [] });
    expect(decide(film({ audio: [], container: "mp4" }), plays(h264)).delivery).toBe("direct");
  });

  it("has sound only, in even segments", () => {
    const plan = decide(film({ video: [], keyframes: null, durationMs: 10_000 }), plays(aac));
    expect(plan).toMatchObject({ delivery: "copy", video: [] });
    expect(plan.audio[0]?.plan.boundaries).toEqual([0, 4, 8, 10]);
  });

  it("has neither, and is refused", () => {
    expect(() => decide(film({ video: [], audio: [] }), plays())).toThrow(RangeError);
  });
});

it("gives segments of different cuts different addresses", () => {
  const sound = [eac3()];
  const copied = decide(film({ audio: sound }), plays(h264)).audio[0];
  const converted = decide(film({ audio: sound }), plays()).audio[0];
  expect(copied?.id).toBe(converted?.id);
  expect(copied?.plan.version).not.toBe(converted?.plan.version);
});
