import { execFile } from "node:child_process";
import type { PictureMeans } from "@playhead/hls";
import type { FastifyBaseLogger } from "fastify";

const TIME_LIMIT_MS = 10_000;

/**
 * Asks the ffmpeg at hand what it can do, once, by having it convert one picture. Never rejects: an ffmpeg that is not
 * there at all says so when something is played.
 */
export function probePictureMeans(ffmpeg: string, log: FastifyBaseLogger, signal: AbortSignal): Promise<PictureMeans> {
  const input = ["-hide_banner", "-nostdin", "-f", "lavfi", "-i", "color=s=16x16"];
  const filters = "zscale=min=709:pin=709:tin=709:rin=limited:t=linear,format=gbrpf32le,tonemap=mobius";
  const args = [...input, "-vf", filters, "-frames:v", "1", "-f", "null", "-"];
  return new Promise((resolve) => {
    execFile(ffmpeg, args, { timeout: TIME_LIMIT_MS, killSignal: "SIGKILL", signal }, (error, _, stderr) => {
      const isMissing = error !== null && /No such filter/.test(stderr);
      if (isMissing) {
        log.warn(
          "This ffmpeg has no zscale filter (zimg): HDR films are shown with paler colours. Install one with zimg.",
        );
      }
      resolve({ zscale: !isMissing });
    });
  });
}
