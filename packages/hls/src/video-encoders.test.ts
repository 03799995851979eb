import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import { videoRunArgs } from "./ffmpeg-args.js";
import type { MediaInfo } from "./media-info.js";
import { hardwareEncoders, type VideoEncoding } from "./video-encoders.js";

const stream = { codecString: null, bitrateBps: 8e6, startTimeMs: 0, durationMs: 12_000, language: null, title: null };
const info: MediaInfo = {
  container: "matroska",
  durationMs: 12_000,
  startTimeMs: 0,
  sizeBytes: 1,
  bitrateBps: null,
  video: [
    {
      ...stream,
      isDefault: true,
      index: 0,
      codec: "mpeg4",
      width: 1920,
      height: 1080,
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
  audio: [],
  subtitles: [
    {
      ...stream,
      index: 2,
      codec: "hdmv_pgs_subtitle",
      kind: "bitmap",
      isDefault: false,
      forced: false,
      hearingImpaired: false,
    },
  ],
  chapters: [],
  keyframes: [0],
  packageable: true,
};

function runArgs(encoding: VideoEncoding, burnSubtitle?: number): string[] {
  const [rendition] = decide(info, new Set(), burnSubtitle === undefined ? {} : { burnSubtitle }).video;
  if (rendition?.mode !== "transcode") throw new Error("it is meant to be transcoded");
  return videoRunArgs({ input: "/films/a.mkv", rendition, info, startSegment: 4, encoding });
}
const valueOf = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1];

describe.each(hardwareEncoders)("%s", (encoder) => {
  const args = runArgs({ encoder, inBand: true });

  it("is told H.264 High without B-frames, under the rendition's maximal rate", () => {
    expect(valueOf(args, "-c:v")).toBe(`h264_${encoder}`);
    expect(valueOf(args, "-profile:v")).toBe("high");
    expect(valueOf(args, "-bf")).toBe("0");
    expect(Number(valueOf(args, "-maxrate"))).toBeGreaterThan(1e6);
    expect(valueOf(args, "-bufsize")).toBe(valueOf(args, "-maxrate"));
    const aim = Number(valueOf(args, "-b:v"));
    expect(aim).toBeLessThan(Number(valueOf(args, "-maxrate")));
    if (encoder === "videotoolbox") expect(args).not.toContain("-level");
    else expect(valueOf(args, "-level")).toBe("40");
    for (const flag of ["-crf", "-x264-params", "libx264", "-keyint_min"]) expect(args).not.toContain(flag);
  });

  it("gets every keyframe of the plan forced, and would put in none by itself", () => {
    const software = runArgs({ encoder: "software", inBand: false });
    const early = valueOf(software, "-force_key_frames")?.split(",") ?? [];
    const forced = valueOf(args, "-force_key_frames")?.split(",") ?? [];
    expect(forced).toEqual(expect.arrayContaining(early));
    expect(forced.length).toBeGreaterThan(early.length);
    for (const time of forced) expect((Number(time) * 25) % 1).toBeCloseTo(0.75, 2);
    expect(Number(valueOf(args, "-g"))).toBeGreaterThan(10_000);
  });

  it("has its parameter sets in each keyframe", () => {
    expect(valueOf(args, "-bsf:v")).toBe("dump_extra=freq=keyframe");
  });

  it("gets the pictures where it can read them, with and without drawn subtitles", () => {
    const chain = valueOf(args, "-vf") ?? "";
    const graph = valueOf(runArgs({ encoder, inBand: true }, 2), "-filter_complex") ?? "";
    if (encoder === "vaapi") {
      expect(args.indexOf("-vaapi_device")).toBeLessThan(args.indexOf("-i"));
      expect(chain).toMatch(/,format=nv12,hwupload$/);
      expect(graph).toMatch(/overlay=[^,]*,format=nv12,hwupload\[out\]$/);
      expect(args).not.toContain("-pix_fmt");
    } else {
      expect(chain).not.toContain("hwupload");
      expect(valueOf(args, "-pix_fmt")).toBe("nv12");
    }
  });
});

it.each([
  ["nvenc", "-forced-idr", "1"],
  ["qsv", "-forced_idr", "1"],
  ["amf", "-forced_idr", "1"],
  ["vaapi", "-idr_interval", "0"],
] as const)("%s makes forced keyframes ones that a player can begin at", (encoder, flag, value) => {
  expect(valueOf(runArgs({ encoder, inBand: true }), flag)).toBe(value);
});

it("software alone keeps its parameter sets in the init segment; beside hardware they are in band", () => {
  expect(runArgs({ encoder: "software", inBand: false })).not.toContain("-bsf:v");
  const stand = runArgs({ encoder: "software", inBand: true });
  expect(valueOf(stand, "-c:v")).toBe("libx264");
  expect(valueOf(stand, "-bsf:v")).toBe("dump_extra=freq=keyframe");
});
