import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { displaySize, type MediaInfo, stillFilters, type VideoStream } from "@playhead/hls";
import { execa } from "execa";
import { inputArgs } from "./probe/ffprobe.js";

const WIDTH_PX = 480;
/** Far enough in to be past the titles. */
const WHERE = 0.1;
const TIME_LIMIT_MS = 30_000;
const LOW_PRIORITY = 10;

/** It concerns every file, not this one. */
export class FfmpegMissingError extends Error {
  override readonly name = "FfmpegMissingError";
}

export const postersDir = (dataDir: string): string => path.join(dataDir, "posters");
export const posterFile = (dataDir: string, fileId: string): string => path.join(postersDir(dataDir), `${fileId}.jpg`);

export interface PosterOptions {
  readonly ffmpeg: string;
  readonly dataDir: string;
  readonly fileId: string;
  /** Absolute. */
  readonly file: string;
  readonly info: MediaInfo;
  readonly signal?: AbortSignal;
}

/** Makes one JPEG, 480 px wide, in square pixels, upright and SDR. @throws when ffmpeg can't; the film plays all the same. */
export async function makePoster(options: PosterOptions): Promise<void> {
  const { info, dataDir, fileId } = options;
  const [video] = info.video;
  if (video === undefined) throw new Error("The file has no video");
  await mkdir(postersDir(dataDir), { recursive: true });
  const target = posterFile(dataDir, fileId);
  const partial = `${target}.part`;
  const at = (info.durationMs / 1000) * WHERE;
  try {
    // A file that can't be sought, or an ffmpeg without zimg, still gives its first picture.
    await takeFrame(options, video, at, filters(video), partial).catch(async (error: unknown) => {
      if (options.signal?.aborted || error instanceof FfmpegMissingError) throw error;
      await takeFrame(options, video, 0, filters(video, false), partial);
    });
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

/** The file ids that have a poster. */
export async function existingPosters(dataDir: string): Promise<ReadonlySet<string>> {
  const names = await readdir(postersDir(dataDir)).catch(() => []);
  return new Set(names.filter((name) => name.endsWith(".jpg")).map((name) => name.slice(0, -".jpg".length)));
}

export const removePoster = async (dataDir: string, fileId: string): Promise<void> =>
  rm(posterFile(dataDir, fileId), { force: true });

async function takeFrame(
  options: PosterOptions,
  video: VideoStream,
  atS: number,
  filter: string,
  partial: string,
): Promise<void> {
  const { ffmpeg, file, signal } = options;
  const args = [
    "-v",
    "error",
    "-nostdin",
    "-y",
    // One picture does not need more, and playback may need the rest.
    "-threads",
    "1",
    // The keyframe before that place will do: nothing else has to be decoded.
    "-noaccurate_seek",
    "-ss",
    atS.toFixed(3),
    ...inputArgs(file),
    "-map",
    `0:${video.index}`,
    "-frames:v",
    "1",
    "-vf",
    filter,
    "-q:v",
    "4",
    "-pix_fmt",
    "yuvj420p",
    "-f",
    "mjpeg",
    `file:${partial}`,
  ];
  const running = execa(ffmpeg, args, {
    stdin: "ignore",
    stdout: "ignore",
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
    maxBuffer: 1_000_000,
    ...(signal && { cancelSignal: signal }),
  });
  lowerPriority(running.pid);
  await running.catch((error: unknown) => {
    if (running.pid === undefined) throw new FfmpegMissingError("ffmpeg does not start", { cause: error });
    throw error;
  });
  if ((await stat(partial)).size === 0) throw new Error("ffmpeg gave no picture");
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, LOW_PRIORITY);
  } catch {
    // It has ended already, or the system forbids it: then it runs as it is.
  }
}

/** ffmpeg turns rotated pictures upright by itself, before these. */
function filters(video: VideoStream, zscale = true): string {
  const shown = displaySize(video);
  const size = { width: WIDTH_PX, height: 2 * Math.max(1, Math.round((WIDTH_PX * shown.height) / shown.width / 2)) };
  return [...(video.interlaced ? ["yadif=deint=interlaced"] : []), ...stillFilters(video, size, { zscale })].join(",");
}
