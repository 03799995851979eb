import { rename, rm, stat } from "node:fs/promises";
import os from "node:os";
import { type MediaInfo, type PictureMeans, stillFilters } from "@playhead/hls";
import { inputArgs } from "../../library/probe/ffprobe.js";
import { startFfmpeg } from "../encoder/ffmpeg-process.js";
import type { Sheet, SheetPlan } from "./sheet-plan.js";

export interface MakeSheetOptions {
  readonly ffmpeg: string;
  /** Absolute. */
  readonly input: string;
  readonly info: MediaInfo;
  readonly plan: SheetPlan;
  readonly sheet: Sheet;
  readonly means: PictureMeans;
  /** The JPEG, which is there whole or not at all. */
  readonly target: string;
  readonly signal: AbortSignal;
}

const LOW_PRIORITY = 15;
/** A slow disk may take its time over some minutes of a film. */
const TIME_LIMIT_MS = 10 * 60_000;

/** Makes one sheet from the keyframes of its part of the film. @throws when ffmpeg can't, and when the signal aborts. */
export async function makeSheet(options: MakeSheetOptions): Promise<void> {
  const { ffmpeg, target, signal } = options;
  signal.throwIfAborted();
  const partial = `${target}.part`;
  const running = startFfmpeg(ffmpeg, sheetArgs(options, partial));
  running.stdout.resume();
  lowerPriority(running.pid);
  const stop = () => void running.stop();
  const timer = setTimeout(stop, TIME_LIMIT_MS);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const exit = await running.exited;
    signal.throwIfAborted();
    if (exit.type === "spawn_error") throw exit.error;
    if (exit.code !== 0) throw new Error(running.lastLines().at(-1) ?? "ffmpeg gives no reason");
    if ((await stat(partial)).size === 0) throw new Error("ffmpeg gave no picture");
    await rename(partial, target);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    await rm(partial, { force: true });
  }
}

function sheetArgs({ input, info, plan, sheet, means }: MakeSheetOptions, partial: string): string[] {
  const [video] = info.video;
  if (video === undefined) throw new Error("The file has no video");
  const { startS, pictures, columns, rows } = sheet;
  const filters = [
    `fps=fps=1/${plan.intervalS}:start_time=0:round=near`, // the last keyframe before the middle of each cue
    "tpad=stop=-1:stop_mode=clone", // the last one is held where the picture ends before the film
    // No deinterlacing: so small, the lines of both fields are averaged, and keyframes have no neighbours to look at.
    ...stillFilters(video, plan, means),
    "split[tiles][beat]",
  ].join(",");
  const graph = [
    `[0:${video.index}]${filters}`,
    `[tiles]tile=${columns}x${rows}:nb_frames=${pictures}[sheet]`,
    "[beat]scale=2:2[pulse]",
  ].join(";");
  return [
    ["-v", "error", "-nostdin", "-y"],
    ["-threads", "1", "-skip_frame", "nokey"], // decodes keyframes alone
    ["-noaccurate_seek", "-ss", startS.toFixed(3)], // the keyframe before the place is its picture
    inputArgs(input),
    ["-filter_complex_threads", "1", "-filter_complex", graph],
    ["-map", "[sheet]", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "5", "-threads", "1"],
    ["-f", "mjpeg", `file:${partial}`],
    // A few bytes for each picture: an ffmpeg whose server died ends when it can't write them.
    ["-map", "[pulse]", "-frames:v", String(pictures), "-c:v", "rawvideo", "-flush_packets", "1"],
    ["-f", "rawvideo", "pipe:1"],
  ].flat();
}

function lowerPriority(pid: number | null): void {
  if (pid === null) return;
  try {
    os.setPriority(pid, LOW_PRIORITY);
  } catch {
    // It has ended already, or the system forbids it: then it runs as it is.
  }
}
