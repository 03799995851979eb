import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";

export type FfmpegExit =
  | { readonly type: "exit"; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  /** It did not start at all. */
  | { readonly type: "spawn_error"; readonly error: NodeJS.ErrnoException };

export interface FfmpegProcess {
  readonly pid: number | null;
  readonly stdout: Readable;
  readonly exited: Promise<FfmpegExit>;
  /** The last lines that it wrote on stderr. */
  readonly lastLines: () => readonly string[];
  /** SIGTERM, then SIGKILL after the grace. Resolves when the process is gone. */
  stop(): Promise<void>;
}

const keptLines = 20;

/** Those that run: whatever way this process ends in, but SIGKILL, it takes them along. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A command as one would type it into a shell, for the log. */
export function commandLine(command: string, args: readonly string[]): string {
  const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
  return [command, ...args].map(quoted).join(" ");
}

/**
 * Starts ffmpeg with its output on a pipe. The pipe is the throttle, and the leash: an ffmpeg whose server died gets
 * EPIPE at its next write, or at the write it is blocked in, and ends.
 */
export function startFfmpeg(command: string, args: readonly string[], graceMs = 500): FfmpegProcess {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  running.add(child);
  const lines: string[] = [];
  let unfinished = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    // ffmpeg ends its progress lines with a carriage return.
    const parts = (unfinished + text).split(/[\r\n]+/);
    unfinished = (parts.pop() ?? "").slice(-2000);
    lines.push(...parts.filter((line) => line.trim() !== ""));
    if (lines.length > keptLines) lines.splice(0, lines.length - keptLines);
  });
  // Reading side errors reach whoever reads; without a reader they must not be thrown.
  child.stdout.on("error", () => {});
  child.stderr.on("error", () => {});

  const exited = new Promise<FfmpegExit>((resolve) => {
    child.once("error", (error) => resolve({ type: "spawn_error", error }));
    child.once("close", (code, signal) => resolve({ type: "exit", code, signal }));
    child.once("exit", () => running.delete(child));
  });

  let stopping: Promise<void> | undefined;
  return {
    pid: child.pid ?? null,
    stdout: child.stdout,
    exited,
    lastLines: () => (unfinished.trim() === "" ? lines : [...lines, unfinished]),
    stop() {
      stopping ??= (async () => {
        if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
          child.stdout.destroy();
          return;
        }
        child.kill("SIGTERM");
        // ffmpeg restarts a write that a signal interrupts, so one blocked by a full pipe is freed by closing the pipe.
        child.stdout.destroy();
        const killer = setTimeout(() => child.kill("SIGKILL"), graceMs);
        await exited;
        clearTimeout(killer);
      })();
      return stopping;
    },
  };
}
