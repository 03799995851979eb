import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import type { MediaInfo } from "@playhead/hls";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { film, h264, picture, sound, temporaryFolder } from "../test-library.js";
import { probeFile } from "./probe.js";
import { ProbeError } from "./probe-error.js";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const at = (name: string) => path.join(folder.path, name);

async function probed(file: string): Promise<MediaInfo> {
  return await probeFile({ ffprobe: "ffprobe", file, sizeBytes: (await stat(file)).size });
}

const videoOf = async (file: string) => {
  const [video] = (await probed(file)).video;
  if (video === undefined) throw new Error("no video");
  return video;
};

async function reasonFor(file: string, ffprobe = "ffprobe"): Promise<ProbeError> {
  const error: unknown = await probeFile({ ffprobe, file, sizeBytes: (await stat(file)).size }).catch(
    (e: unknown) => e,
  );
  if (error instanceof ProbeError) return error;
  throw new Error("the probe found no fault");
}

/** Presentation times of the keyframes by decoding the whole file: slow, and the truth. */
async function decodedKeyframes(file: string): Promise<number[]> {
  const { stdout } = await execa("ffprobe", [
    ..."-v error -select_streams v:0 -show_entries frame=key_frame,pts_time -of csv=p=0".split(" "),
    file,
  ]);
  return stdout
    .split("\n")
    .map((line) => line.split(","))
    .filter(([key]) => key === "1")
    .map(([, time]) => Number(time));
}

function expectTimes(actual: readonly number[] | null, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, time] of expected.entries()) expect(actual?.[i]).toBeCloseTo(time, 3);
}

describe("the facts of a film", () => {
  it("tells streams, codec strings, languages and chapters", async () => {
    const chapters = at("chapters.txt");
    await writeFile(
      chapters,
      ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Anfang ü\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\n",
    );
    const subtitles = at("subtitles.srt");
    await writeFile(subtitles, "1\n00:00:00,500 --> 00:00:01,000\nHello\n");
    const file = await film(
      ...picture(2, "320x180", "24000/1001"),
      ...sound(2),
      "-i",
      subtitles,
      "-i",
      chapters,
      "-map",
      "0",
      "-map",
      "1",
      "-map",
      "2",
      "-map_metadata",
      "3",
      ...h264,
      "-profile:v",
      "high",
      "-level",
      "4.0",
      "-bf",
      "2",
      "-preset",
      "veryfast",
      "-c:a",
      "eac3",
      "-ac",
      "2",
      "-c:s",
      "srt",
      "-metadata:s:a:0",
      "language=deu",
      "-metadata:s:a:0",
      "title=Ton",
      "-disposition:s:0",
      "default+forced",
      at("full.mkv"),
    );
    const info = await probed(file);
    expect(info).toMatchObject({
      container: "matroska",
      packageable: true,
      startTimeMs: 0,
      video: [
        {
          index: 0,
          codec: "h264",
          codecString: "avc1.640028",
          width: 320,
          height: 180,
          frameRate: { num: 24000, den: 1001 },
          variableFrameRate: false,
          bitDepth: 8,
          rotation: 0,
          sampleAspectRatio: { num: 1, den: 1 },
          interlaced: false,
          hdr: null,
          reorderDepth: 2,
        },
      ],
      audio: [
        { index: 1, codec: "eac3", codecString: "ec-3", language: "deu", title: "Ton", channels: 2, sampleRate: 48000 },
      ],
      subtitles: [{ index: 2, codec: "subrip", kind: "text", forced: true, isDefault: true }],
      chapters: [
        { title: "Anfang ü", startMs: 0, endMs: 1000 },
        { title: "Chapter 2", startMs: 1000, endMs: 2000 },
      ],
    });
    expect(info.durationMs).toBeCloseTo(2000, -2);
  });

  it.each([
    ["mp4", "mp4", [...h264]],
    ["mov", "mov", [...h264]],
    ["webm", "webm", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]],
    ["ts", "mpegts", [...h264]],
    ["avi", "avi", ["-c:v", "mpeg4"]],
    ["flv", "flv", ["-c:v", "flv1"]],
  ])("calls the container of .%s %s", async (ending, container, codec) => {
    const info = await probed(await film(...picture(1), ...codec, at(`container.${ending}`)));
    expect(info.container).toBe(container);
    expect(info.durationMs).toBeCloseTo(1000, -2);
    expect(info.packageable).toBe(!["avi", "flv"].includes(ending));
  });

  it("names the codecs of a file that the packager can't read, too", async () => {
    const file = await film(...picture(1), ...sound(1), ...h264, "-c:a", "aac", at("codecs.flv"));
    const { video, audio } = await probed(file);
    expect(video[0]?.codecString).toMatch(/^avc1\.42e0[0-9a-f]{2}$/);
    expect(audio[0]?.codecString).toBe("mp4a.40.2");
  });

  it("turns a film the way that ffmpeg shows it", async () => {
    const corner = "color=black:s=64x32:d=1:r=5,drawbox=0:0:8:8:white:t=fill";
    const plain = await film("-f", "lavfi", "-i", corner, ...h264, at("corner.mp4"));
    const file = await film("-i", plain, "-c", "copy", "-metadata:s:v", "rotate=90", at("turned.mp4"));
    const { rotation, width, height } = await videoOf(file);
    expect({ width, height }).toEqual({ width: 64, height: 32 });
    // The white corner is at the top left; where ffmpeg shows it is the truth.
    const { stdout } = await execa("ffmpeg", `-v error -i ${file} -frames:v 1 -f rawvideo -pix_fmt gray -`.split(" "), {
      encoding: "buffer",
    });
    const [topRight, bottomLeft] = [stdout[31], stdout[63 * 32]];
    expect({ rotation, topRight: (topRight ?? 0) > 128, bottomLeft: (bottomLeft ?? 0) > 128 }).toEqual(
      rotation === 90
        ? { rotation: 90, topRight: true, bottomLeft: false }
        : { rotation: 270, topRight: false, bottomLeft: true },
    );
  });

  it("sees anamorphic pixels and interlacing", async () => {
    const file = await film(
      ...picture(1, "720x576"),
      "-vf",
      "setsar=16/11,interlace",
      "-c:v",
      "mpeg2video",
      "-flags",
      "+ilme+ildct",
      "-top",
      "1",
      at("dvd.mpg"),
    );
    // MPEG-2 tells the shape of the picture, not of the pixel.
    const { sampleAspectRatio, interlaced } = await videoOf(file);
    expect(interlaced).toBe(true);
    expect(sampleAspectRatio.num / sampleAspectRatio.den).toBeCloseTo(16 / 11, 1);
  });

  it.each([
    ["smpte2084", "pq"],
    ["arib-std-b67", "hlg"],
    ["bt709", null],
  ])("sees 10 bits and the transfer %s", async (transfer, hdr) => {
    const file = await film(
      ...picture(0.4),
      ..."-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params".split(" "),
      `log-level=none:transfer=${transfer}`,
      at(`${transfer}.mkv`),
    );
    expect(await videoOf(file)).toMatchObject({
      codec: "hevc",
      codecString: expect.stringMatching(/^hvc1\.2\./),
      bitDepth: 10,
      hdr,
    });
  });

  it("leaves cover art out", async () => {
    const cover = await film(...picture(0.1), "-frames:v", "1", at("cover.jpg"));
    const file = await film(
      ...picture(1),
      "-i",
      cover,
      "-map",
      "1",
      "-map",
      "0",
      "-c:v:0",
      "copy",
      "-c:v:1",
      "libx264",
      "-disposition:v:0",
      "attached_pic",
      at("cover.mp4"),
    );
    const info = await probed(file);
    expect(info.video.map(({ codec }) => codec)).toEqual(["h264"]);
    expect(info.packageable).toBe(true);
  });

  it("sees a variable frame rate", async () => {
    const file = await film(
      ...picture(4, "320x180", "30"),
      "-vf",
      "select='lt(t,2)+not(mod(n,3))'",
      "-vsync",
      "vfr",
      ...h264,
      at("vfr.mp4"),
    );
    expect((await videoOf(file)).variableFrameRate).toBe(true);
  });

  it.each(["mkv", "ts", "mp4"])("counts a .%s that starts at 10 s from there", async (ending) => {
    const file = await film(
      ...picture(3),
      ...sound(3),
      ...h264,
      "-g",
      "25",
      "-c:a",
      "aac",
      "-output_ts_offset",
      "10",
      ...(ending === "ts" ? ["-muxdelay", "0", "-muxpreload", "0"] : []),
      at(`late.${ending}`),
    );
    const info = await probed(file);
    expect(info.startTimeMs).toBeCloseTo(10_000, -2);
    expect(info.durationMs).toBeGreaterThan(2900);
    expect(info.durationMs).toBeLessThan(3100);
    expectTimes(info.keyframes, await decodedKeyframes(file));
  });

  it("finds the duration of a film that tells none", async () => {
    const { stdout } = await execa(
      "ffmpeg",
      ["-v", "error", ...picture(3), ...sound(3), ...h264, "-c:a", "aac", "-f", "matroska", "-"],
      { encoding: "buffer" },
    );
    const file = at("streamed.mkv");
    await writeFile(file, stdout);
    const told = await execa("ffprobe", `-v error -show_entries format=duration -of csv=p=0 ${file}`.split(" "));
    expect(told.stdout).toBe("N/A");
    expect((await probed(file)).durationMs).toBeCloseTo(3000, -2);
  });

  it("finds the duration of a container that Mediabunny does not read", async () => {
    const { stdout } = await execa("ffmpeg", ["-v", "error", ...picture(3), "-c:v", "flv1", "-f", "flv", "-"], {
      encoding: "buffer",
    });
    const file = at("streamed.flv");
    await writeFile(file, stdout);
    const info = await probed(file);
    expect(info.packageable).toBe(false);
    expect(info.durationMs).toBeCloseTo(3000, -2);
  });
});

describe("the keyframe index", () => {
  const irregular = ["-force_key_frames", "0.4,1.48,1.56,3.2", "-g", "250", "-bf", "2", "-preset", "veryfast"];

  it.each(["mp4", "mkv", "ts", "mov"])(
    "is what a decoder finds in .%s, irregular groups and B-frames",
    async (ending) => {
      const file = await film(...picture(4), ...sound(4), ...h264, ...irregular, "-c:a", "aac", at(`gops.${ending}`));
      const { keyframes } = await probed(file);
      expectTimes(keyframes, await decodedKeyframes(file));
      expect(keyframes?.length).toBe(5);
    },
  );

  it("is what a decoder finds in a fragmented MP4", async () => {
    const file = await film(
      ...picture(4),
      ...h264,
      ...irregular,
      "-movflags",
      "+frag_keyframe+empty_moov+default_base_moof",
      at("fragmented.mp4"),
    );
    expectTimes((await probed(file)).keyframes, await decodedKeyframes(file));
  });

  it.each([
    ["open", true],
    ["closed", false],
  ])("tells whether groups of pictures are %s", async (groups, isOpen) => {
    const params = `open-gop=${isOpen ? 1 : 0}:keyint=26:min-keyint=1:scenecut=0:bframes=3:b-adapt=0`;
    for (const ending of ["mp4", "mkv", "ts"]) {
      const file = await film(...picture(4), ...h264, "-x264-params", params, at(`${groups}.${ending}`));
      expect((await probed(file)).openGops, ending).toBe(isOpen);
    }
  });

  it("does not believe cues that name no keyframe", async () => {
    const file = await film(...picture(4), ...h264, ...irregular, at("lying.mkv"));
    const truth = await decodedKeyframes(file);
    const bytes = await readFile(file);
    // Each CueTime (0xB3) of 1480 ms is moved to 1520, where a delta frame lies.
    const cue = bytes.lastIndexOf(Buffer.from([0xb3, 0x82, 1480 >> 8, 1480 & 0xff]));
    expect(cue).toBeGreaterThan(0);
    bytes.writeUInt16BE(1520, cue + 2);
    await writeFile(file, bytes);
    expectTimes((await probed(file)).keyframes, truth);
  });

  it("is none where packets carry no presentation time", async () => {
    const file = await film(...picture(2), "-c:v", "mpeg4", "-bf", "2", at("gops.avi"));
    expect((await probed(file)).keyframes).toBeNull();
  });
});

describe("what is no film", () => {
  it.each(["mkv", "mp4", "avi"])("says that half a .%s is incomplete", async (ending) => {
    const codec = ending === "avi" ? ["-c:v", "mpeg4"] : ["-movflags", "+faststart", ...h264];
    const file = await film(...picture(2), ...(ending === "mkv" ? h264 : codec), at(`half.${ending}`));
    await truncate(file, Math.floor((await stat(file)).size / 2));
    expect((await reasonFor(file)).message).toMatch(/^The file is incomplete: \d+ (bytes|KB) of \d+ KB are there\./);
  });

  it("says that an MP4 without its index is incomplete", async () => {
    const file = await film(...picture(2), ...h264, at("unfinished.mp4"));
    const bytes = await readFile(file);
    // A recorder that lost power has announced nothing yet: its mdat runs to the end of the file.
    const mdat = bytes.indexOf("mdat");
    bytes.writeUInt32BE(0, mdat - 4);
    await writeFile(file, bytes.subarray(0, bytes.lastIndexOf("moov") - 4));
    expect((await reasonFor(file)).message).toMatch(/incomplete: its index \(moov\) is missing/);
  });

  it.each([
    ["empty.mkv", "", "The file is empty."],
    ["text.mkv", "Dear diary,\n", "This is not a video file, or it is damaged."],
    ["colours.mp4", "\u001b[31mred\u001b[0m\n".repeat(100), "This is not a video file, or it is damaged."],
    [
      "list.mkv",
      "#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1:1/a.ts\n#EXT-X-ENDLIST\n",
      "This is not a video file, or it is damaged.",
    ],
  ])("says of %s why it does not play", async (name, text, reason) => {
    await writeFile(at(name), text);
    expect((await reasonFor(at(name))).message).toBe(reason);
  });

  it("says that sound alone is no video", async () => {
    const file = await film(...sound(1), "-c:a", "aac", at("sound.mp4"));
    expect((await reasonFor(file)).message).toBe("The file has sound only, no video.");
  });

  it("says how to get an ffprobe that is missing, and asks to try again", async () => {
    await writeFile(at("any.mkv"), "any");
    const error = await reasonFor(at("any.mkv"), "/nowhere/ffprobe");
    expect(error.message).toMatch(/ffprobe \(\/nowhere\/ffprobe\) is not installed.*PLAYHEAD_FFPROBE/);
    expect(error.again).toBe(true);
  });
});

it.each(['it\'s "1".mkv', "new\nline.mkv", "http:film.mkv", "-i.mkv", "100%d.mkv", "ünï→日本 😀.mkv", "a\\b$(c).mkv"])(
  "reads a film named %j",
  async (name) => {
    const file = await film(...picture(0.4), ...h264, at(name));
    expect(await probed(file)).toMatchObject({ packageable: true, keyframes: [0] });
  },
);
