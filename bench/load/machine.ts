import { execFileSync } from "node:child_process";
import os from "node:os";

/** First line of what a program says of itself. */
export const versionOf = (command: string, ...args: string[]) => execFileSync(command, args).toString().split("\n")[0];

/** What figures depend on, in lines. */
export function machine(): string {
  return [
    `Node ${process.version}, ${versionOf("ffmpeg", "-version")}`,
    `${os.cpus().length} × ${os.cpus()[0]?.model}, ${os.type()} ${os.release()}, load ${os.loadavg()[0]?.toFixed(1)}`,
  ].join("\n");
}
