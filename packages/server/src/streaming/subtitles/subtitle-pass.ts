import { spawn } from "node:child_process";
import os from "node:os";
import type { Readable } from "node:stream";
import {
  type Cue,
  cueReader,
  FIRST_SUBTITLE_PIPE,
  type MediaInfo,
  type SubtitleStream,
  subtitleExtraction,
  subtitlePassArgs,
} from "@playhead/hls";

export interface SubtitlePassOptions {
  readonly ffmpeg: string;
  /** Absolute path. */
  readonly input: string;
  readonly info: MediaInfo;
  readonly streams: readonly SubtitleStream[];
  /** ms from the presentation's start. */
  readonly fromMs: number;
  /** A cue of a stream; times from the presentation's start. */
  readonly onCues: (stream: SubtitleStream, cues: readonly Cue[]) => void;
  /** All cues that begin before this moment are told. */
  readonly onReached: (ms: number) => void;
}

export type PassEnd =
  | { readonly type: "finished" }
  | { readonly type: "stopped" }
  | { readonly type: "failed"; readonly message: string; readonly isMissing: boolean };

export interface SubtitlePass {
  readonly ended: Promise<PassEnd>;
  stop(): Promise<void>;
}

/** Whatever plays goes first. */
const LOW_PRIORITY = 15;
/** A container may hold text a little later than the sound of the same moment. */
const INTERLEAVING_MS = 3_000;
/** Media time between two words of the clock: each makes whoever waits look. */
const CLOCK_STEP_MS = 1_000;
const GRACE_MS = 500;
const KEPT_LINES = 8;

/** One ffmpeg over the film that writes each text stream to a pipe, as it reads it. It encodes nothing. */
export function startSubtitlePass(options: SubtitlePassOptions): SubtitlePass {
  const { ffmpeg, input, info, streams, fromMs, onCues, onReached } = options;
  const args = subtitlePassArgs({ input, info, streams, fromS: fromMs / 1000 });
  const child = spawn(ffmpeg, args, { stdio: ["ignore", "pipe", "pipe", ...streams.map(() => "pipe" as const)] });
  lowerPriority(child.pid);
  let stopped = false;
  let log: string[] = [];

  const pipes = streams.map((stream, i) => {
    const reader = cueReader(subtitleExtraction(stream)?.format ?? "srt");
    const pipe = child.stdio[FIRST_SUBTITLE_PIPE + i];
    if (isReadable(pipe)) follow(pipe, (text) => tell(stream, reader.push(text)));
    return { stream, reader };
  });

  function tell(stream: SubtitleStream, cues: readonly Cue[]): void {
    const shifted = cues.flatMap(({ startMs, endMs, ...rest }): Cue[] => {
      const end = Math.round(endMs - info.startTimeMs);
      const start = Math.max(0, Math.round(startMs - info.startTimeMs));
      return end > start ? [{ ...rest, startMs: start, endMs: end }] : [];
    });
    if (shifted.length > 0 && !stopped) onCues(stream, shifted);
  }

  const settle = () => {
    for (const { stream, reader } of pipes) tell(stream, reader.settle());
  };

  // ffmpeg writes the text of a moment before it tells of later ones. Of what is in the pipes at once, the clock may be read
  // first: by the next turn but one of the event loop all pipes have been read since.
  follow(
    child.stdout,
    clockReader((ms) => {
      setImmediate(() => {
        setImmediate(() => {
          if (stopped) return;
          settle();
          onReached(ms - info.startTimeMs - INTERLEAVING_MS);
        });
      });
    }),
  );
  follow(child.stderr, (text) => {
    log = [...log, ...text.split(/[\r\n]+/).filter((line) => line.trim() !== "")].slice(-KEPT_LINES);
  });

  const ended = new Promise<PassEnd>((resolve) => {
    child.once("error", (error) => {
      const isMissing = "code" in error && (error.code === "ENOENT" || error.code === "EACCES");
      resolve({ type: "failed", message: error.message, isMissing });
    });
    child.once("close", (code) => {
      for (const { stream, reader } of pipes) tell(stream, reader.flush());
      if (stopped) resolve({ type: "stopped" });
      else if (code === 0) resolve({ type: "finished" });
      else resolve({ type: "failed", message: log.join("\n") || `ffmpeg ended with ${code}`, isMissing: false });
    });
  });

  return {
    ended,
    async stop() {
      stopped = true;
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      // One that is blocked in a write hears no signal.
      for (const pipe of child.stdio) pipe?.destroy();
      const killer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** Reads `framecrc`: `#tb 0: 1/1000`, then for each packet `0, dts, pts, …`. */
function clockReader(onTime: (ms: number) => void): (text: string) => void {
  let rest = "";
  let unitMs = 1;
  let told = Number.NEGATIVE_INFINITY;
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    let last: number | undefined;
    for (const line of lines) {
      const unit = /^#tb 0: (\d+)\/(\d+)/.exec(line);
      if (unit !== null) unitMs = (Number(unit[1]) / Number(unit[2])) * 1000;
      const time = /^0,\s*(-?\d+),/.exec(line)?.[1];
      if (time !== undefined) last = Number(time) * unitMs;
    }
    if (last === undefined || last - told < CLOCK_STEP_MS) return;
    told = last;
    onTime(last);
  };
}

function follow(pipe: Readable | null, onText: (text: string) => void): void {
  pipe?.setEncoding("utf8");
  pipe?.on("data", onText);
  // The end of the process tells what there is to tell.
  pipe?.on("error", () => {});
}

const isReadable = (pipe: unknown): pipe is Readable =>
  typeof pipe === "object" && pipe !== null && "read" in pipe && "setEncoding" in pipe;

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, LOW_PRIORITY);
  } catch {
    // It has ended already, or the system forbids it: then it runs as it is.
  }
}
