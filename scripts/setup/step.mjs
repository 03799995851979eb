// Set-up runs before any package is installed: this folder uses Node alone.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root folder. */
export const root = path.resolve(fileURLToPath(import.meta.url), "../../..");

/** A failure that the person at the terminal can mend: printed as one line, without a stack. */
export class SetupError extends Error {
  name = "SetupError";
}

/** Says what is going on, on stderr, so that stdout stays the program's own. */
export function say(message) {
  process.stderr.write(`${process.stderr.isTTY ? "\u001b[2m›\u001b[0m" : "›"} ${message}\n`);
}

/** Runs one step and says what it does and how long it took. */
export async function step(message, work) {
  say(`${message} …`);
  const start = performance.now();
  const result = await work();
  say(`${message}: done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/**
 * Runs a command to its end; its output is shown when it fails, or all along with `show`.
 * @throws {SetupError} with `hint` when it can't be started or ends with another status than 0.
 */
export function run(command, args, { show = false, hint = "", env = process.env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        if (show) process.stderr.write(text);
        else output = (output + text).slice(-20_000);
      });
    }
    const fail = (what) => reject(new SetupError(`${what}${hint && `\n${hint}`}`));
    child.on("error", (error) => fail(`${command} could not be started: ${error.message}`));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(undefined);
      process.stderr.write(output);
      fail(`\`${command} ${args.join(" ")}\` failed (${signal ?? `status ${code}`}).`);
    });
  });
}

/** Runs a script's main function; a SetupError becomes one line and status 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(1);
  }
}
