import path from "node:path";
import { ffmpeg } from "../../e2e/fixtures/ffmpeg.js";

const SECONDS = 90;

/** Small films, so that two cores can convert several at once: two each that play as they are, copied and converted. */
export async function makeFilms(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const [n, size] of ["320x180", "426x240"].entries()) {
    const source = ["-f", "lavfi", "-i", `testsrc2=s=${size}:r=25:d=${SECONDS}`];
    const sound = ["-f", "lavfi", "-i", `sine=f=${300 + 100 * n}:r=48000:d=${SECONDS}`];
    const h264 = [
      "-c:v",
      "libx264",
      "-preset",
      "ultrafast",
      "-pix_fmt",
      "yuv420p",
      "-b:v",
      "1M",
      "-g",
      "50",
      "-c:a",
      "aac",
    ];
    const forms = {
      [`direct-${n}.mp4`]: [...h264, "-movflags", "+faststart"],
      [`copy-${n}.mkv`]: [...h264, "-bf", "2"],
      [`old-${n}.avi`]: ["-c:v", "mpeg4", "-b:v", "1M", "-g", "50", "-c:a", "libmp3lame"],
      [`ten-bit-${n}.mkv`]: [
        ...["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=error"],
        ...["-c:a", "ac3"],
      ],
    };
    for (const [name, args] of Object.entries(forms)) {
      await ffmpeg("-v", "error", ...source, ...sound, ...args, path.join(folder, name));
      names.push(name);
    }
  }
  return names;
}
