import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { run, SetupError, step } from "./step.mjs";

const exec = promisify(execFile);

const answers = async (command, args) => {
  try {
    await exec(command, args, { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
};

/** Whether the system's package manager can install without asking anything. */
const canInstall = () => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

function howTo(debian, brew) {
  if (process.platform === "darwin") return `brew install ${brew}`;
  if (existsSync("/usr/bin/dnf")) return `sudo dnf install ${debian}`;
  if (existsSync("/usr/bin/pacman")) return `sudo pacman -S ${debian}`;
  return `sudo apt-get install ${debian}`;
}

async function install(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await step(`Installing ${name} with apt-get`, async () => {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", name], { env });
  });
}

/**
 * Finds ffmpeg and ffprobe, or installs them where that needs no question.
 * @throws {SetupError} in one line with the command to run.
 */
export async function ensureFfmpeg() {
  const ffmpeg = process.env.PLAYHEAD_FFMPEG || "ffmpeg";
  const ffprobe = process.env.PLAYHEAD_FFPROBE || "ffprobe";
  const both = async () => (await answers(ffmpeg, ["-version"])) && (await answers(ffprobe, ["-version"]));
  if (await both()) return;
  const own = process.env.PLAYHEAD_FFMPEG || process.env.PLAYHEAD_FFPROBE;
  if (!own && canInstall()) {
    await install("ffmpeg");
    if (await both()) return;
  }
  throw new SetupError(
    own
      ? `ffmpeg does not start: PLAYHEAD_FFMPEG is "${ffmpeg}" and PLAYHEAD_FFPROBE is "${ffprobe}". Correct or unset them.`
      : `Playhead needs ffmpeg and ffprobe. Install them with: ${howTo("ffmpeg", "ffmpeg")}`,
  );
}

const chromiumNames = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Finds a Chromium for the browser tests, or installs it where that needs no question.
 * @returns {Promise<string>} the command
 * @throws {SetupError} in one line with the command to run.
 */
export async function ensureChromium() {
  const find = async () => {
    const given = process.env.PLAYHEAD_CHROMIUM;
    for (const name of given ? [given] : chromiumNames) if (await answers(name, ["--version"])) return name;
    return undefined;
  };
  const found = await find();
  if (found) return found;
  if (canInstall()) {
    await install("chromium");
    const installed = await find();
    if (installed) return installed;
  }
  throw new SetupError(`The tests need Chromium. Install it with: ${howTo("chromium", "--cask chromium")}`);
}

/**
 * Finds nginx, which a benchmark is held against, or installs it where that needs no question.
 * @returns {Promise<string>} the command
 * @throws {SetupError} in one line with the command to run.
 */
export async function ensureNginx() {
  const find = async () => {
    for (const name of ["nginx", "/usr/sbin/nginx"]) if (await answers(name, ["-v"])) return name;
    return undefined;
  };
  const found = await find();
  if (found) return found;
  if (canInstall()) {
    await install("nginx-light");
    const installed = await find();
    if (installed) return installed;
  }
  throw new SetupError(`This benchmark needs nginx. Install it with: ${howTo("nginx", "nginx")}`);
}
