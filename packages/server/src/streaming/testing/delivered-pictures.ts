import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Decoded pictures as they are in the bitstream: 8-bit luma and chroma, nothing converted. */
export interface DeliveredPictures {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Code values of one pixel of one picture. */
  readonly at: (picture: number, x: number, y: number) => readonly [luma: number, cb: number, cr: number];
  readonly luma: (picture: number, x: number, y: number) => number;
  /** What the bitstream itself tells, without the boxes. */
  readonly told: Readonly<Record<string, string>>;
  readonly times: readonly number[];
}

/** Decodes an init segment and segments that follow each other. */
export async function deliveredPictures(folder: string, parts: readonly Uint8Array[]): Promise<DeliveredPictures> {
  const file = path.join(folder, `delivered-${process.hrtime.bigint()}.mp4`);
  await writeFile(file, Buffer.concat(parts));
  const bitstream = `${file}.h264`;
  await run("ffmpeg", ["-v", "error", "-i", file, "-c", "copy", bitstream]);
  const show = "stream=width,height,pix_fmt,color_range,color_space,color_transfer,color_primaries,field_order,profile";
  const told = pairs(
    (await run("ffprobe", ["-v", "error", "-show_entries", show, "-of", "default=nw=1", bitstream])).stdout,
  );
  const pts = ["-v", "error", "-show_entries", "packet=pts_time", "-of", "csv=p=0", file];
  const times = (await run("ffprobe", pts)).stdout.split("\n").filter(Boolean).map(Number);
  const raw = ["-v", "error", "-i", file, "-fps_mode", "passthrough", "-f", "rawvideo", "-"];
  const { stdout: pixels } = await run("ffmpeg", raw, { encoding: "buffer", maxBuffer: 1 << 28 });
  const [width, height] = [Number(told["width"]), Number(told["height"])];
  const size = (width * height * 3) / 2;
  const luma = (picture: number, x: number, y: number) => pixels[picture * size + y * width + x] ?? Number.NaN;
  const chroma = (picture: number, x: number, y: number, plane: 0 | 1) =>
    pixels[picture * size + width * height * (1 + plane / 4) + (y >> 1) * (width / 2) + (x >> 1)] ?? Number.NaN;
  return {
    width,
    height,
    count: pixels.length / size,
    luma,
    at: (picture, x, y) => [luma(picture, x, y), chroma(picture, x, y, 0), chroma(picture, x, y, 1)],
    told,
    times,
  };
}

const pairs = (text: string) =>
  Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const [key, value] = line.split("=");
      return key && value !== undefined ? [[key, value]] : [];
    }),
  );
