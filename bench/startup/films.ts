import { link, rm } from "node:fs/promises";
import path from "node:path";
import { ffmpeg } from "../../e2e/fixtures/ffmpeg.js";

/** 1080p at about 6 Mbit/s: moving picture with some grain, and a tone. Encoded once, and shown over and over. */
const SECONDS = 12;
const REPEATS = 20;
const source = [
  ...["-f", "lavfi", "-t", String(SECONDS), "-i", "testsrc2=s=1920x1080:r=24,noise=alls=8:allf=t"],
  ...["-f", "lavfi", "-t", String(SECONDS), "-i", "sine=f=440:r=48000"],
];
const rate = ["-b:v", "6M", "-maxrate", "7M", "-bufsize", "6M"];
const sound = ["-c:a", "aac", "-ac", "2"];
const x264 = ["-c:v", "libx264", "-g", "48", ...rate];
const x265 = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=96", ...rate];

/**
 * One film of 4 minutes in each form, and so many names of each that every round meets a file that was never played:
 * what plays as it is (`h264-0.mp4`), is copied (`copy-N.mkv`, twice the rounds), or is converted from 4:2:2 H.264
 * (`h264-422-N.mkv`) and 10-bit HEVC (`hevc-N.mkv`, twice the rounds).
 */
export async function makeFilms(folder: string, rounds: number): Promise<void> {
  const file = (name: string) => path.join(folder, name);
  const once = path.join(folder, "..", "once.mkv");
  const again = ["-stream_loop", String(REPEATS - 1), "-i", once, "-c", "copy"];
  const encode = async (name: string, ...encoder: readonly string[]) => {
    await ffmpeg(...source, ...encoder, ...sound, once);
    await ffmpeg(...again, ...(name.endsWith(".mp4") ? ["-movflags", "+faststart"] : []), file(name));
  };
  const names = async (form: string, count: number) => {
    for (let n = 1; n < count; n++) await link(file(`${form}-0.mkv`), file(`${form}-${n}.mkv`));
  };
  await encode("h264-0.mp4", ...x264, "-preset", "veryfast", "-pix_fmt", "yuv420p");
  await ffmpeg("-i", file("h264-0.mp4"), "-c", "copy", file("copy-0.mkv"));
  await names("copy", 2 * rounds);
  await encode("h264-422-0.mkv", ...x264, "-preset", "ultrafast", "-pix_fmt", "yuv422p");
  await names("h264-422", rounds);
  await encode("hevc-0.mkv", ...x265, "-pix_fmt", "yuv420p10le");
  await names("hevc", 2 * rounds);
  await rm(once);
}
