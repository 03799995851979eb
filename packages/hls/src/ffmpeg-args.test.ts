import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import { audioRunArgs, audioRunStart, videoRunArgs } from "./ffmpeg-args.js";
import type { MediaInfo } from "./media-info.js";
import type { AudioTranscode, VideoTranscode } from "./rendition.js";

const stream = {
  codecString: null,
  bitrateBps: null,
  startTimeMs: 1400,
  durationMs: 60_000,
  language: null,
  title: null,
  isDefault: true,
};
const info: MediaInfo = {
  container: "matroska",
  durationMs: 60_000,
  startTimeMs: 1400,
  sizeBytes: 1,
  bitrateBps: null,
  video: [
    {
      ...stream,
      index: 3,
      codec: "mpeg4",
      width: 640,
      height: 360,
      frameRate: { num: 25, den: 1 },
      variableFrameRate: false,
      bitDepth: 8,
      pixelFormat: null,
      rotation: 0,
      sampleAspectRatio: { num: 1, den: 1 },
      interlaced: false,
      hdr: null,
      reorderDepth: 0,
    },
  ],
  audio: [{ ...stream, index: 5, codec: "dts", channels: 6, sampleRate: 48_000, profile: null }],
  subtitles: [],
  chapters: [],
  keyframes: [1.4, 11.4, 21.4, 31.4],
  packageable: true,
};

const { video, audio } = decide(info, new Set());
const isVideo = (r: (typeof video)[number] | undefined): r is VideoTranscode => r?.mode === "transcode";
const isAudio = (r: (typeof audio)[number] | undefined): r is AudioTranscode => r?.mode === "transcode";
const [picture] = video;
const [sound] = audio;
if (!isVideo(picture) || !isAudio(sound)) throw new Error("both are meant to be transcoded");

const videoArgs = (startSegment: number, of: MediaInfo = info) =>
  videoRunArgs({ input: "/films/-a:b.mkv", rendition: picture, info: of, startSegment });
const audioArgs = (startSegment: number) =>
  audioRunArgs({ input: "/films/-a:b.mkv", rendition: sound, info, startSegment });
const valueOf = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1];

describe.each([
  ["videoRunArgs", videoArgs],
  ["audioRunArgs", audioArgs],
])("%s", (_, args) => {
  it("opens the file by its path and nothing else, and keeps off the server's standard input", () => {
    expect(valueOf(args(3), "-i")).toBe("file:/films/-a:b.mkv");
    expect(valueOf(args(3), "-protocol_whitelist")).toBe("file,pipe");
    expect(args(3)).toContain("-nostdin");
    expect(args(3).at(-1)).toBe("pipe:1");
  });

  it("seeks before it opens, and not at all for the first segment", () => {
    expect(args(3).indexOf("-ss")).toBeLessThan(args(3).indexOf("-i"));
    expect(args(3)).toContain("-ss");
    expect(args(0)).not.toContain("-ss");
  });

  it.each([-1, 0.5, 35, Number.NaN])("refuses segment %d", (segment) => {
    expect(() => args(segment)).toThrow(RangeError);
  });
});

describe("videoRunArgs", () => {
  it("takes the one stream, from half a frame before the segment", () => {
    expect(valueOf(videoArgs(8), "-map")).toBe("0:3");
    expect(valueOf(videoArgs(8), "-ss")).toBe("6.980000");
    expect(valueOf(videoArgs(8), "-vf")).toContain("start_time=7.000000");
  });

  it("ends with the plan", () => {
    expect(valueOf(videoArgs(0), "-frames:v")).toBe("1500");
    expect(valueOf(videoArgs(34), "-frames:v")).toBe("25");
  });

  it("forces the keyframes of the short segments at the start, and leaves the rest to the GOP", () => {
    expect(valueOf(videoArgs(0), "-force_key_frames")).toBe("0.5100,0.9900,1.5100,1.9900,2.9900,3.9900,4.9900");
    expect(valueOf(videoArgs(5), "-force_key_frames")).toBe("3.9900,4.9900");
    expect(videoArgs(7)).not.toContain("-force_key_frames");
  });

  it("reads from the keyframe before, where a seek may land on any packet", () => {
    expect(valueOf(videoArgs(13, { ...info, container: "mpegts" }), "-ss")).toBe("9.000000");
    expect(valueOf(videoArgs(13, { ...info, container: "mpegts", keyframes: null }), "-ss")).toBe("6.980000");
  });

  it("begins with the last picture where only sound is left", () => {
    const [only] = info.video;
    if (only === undefined) throw new Error("no video");
    const args = videoArgs(25, { ...info, video: [{ ...only, durationMs: 32_000 }] });
    expect(valueOf(args, "-vf")).toMatch(/start_time=31\.920000.*trim=start_pts=1025/);
  });

  it("refuses a file without the stream", () => {
    expect(() => videoArgs(0, { ...info, video: [] })).toThrow(RangeError);
  });
});

describe("audioRunStart", () => {
  it("begins with the encoder's priming at the start of the film", () => {
    expect(audioRunStart(sound, 0)).toEqual({ seekS: 0, firstFrame: -1, discardFrames: 1 });
  });

  it("begins some frames early elsewhere, and a second before them to decode", () => {
    const { seekS, firstFrame, discardFrames } = audioRunStart(sound, 3);
    expect(firstFrame + discardFrames).toBe(sound.frameBoundaries[3]);
    expect(discardFrames).toBe(9);
    expect(seekS).toBeCloseTo(((firstFrame + 1) * 1024) / 48_000 - 1, 9);
  });
});
