import { execFile } from "node:child_process";
import { encoderArgs, FragmentSplitter, type HardwareEncoder } from "@playhead/hls";

const TIME_LIMIT_MS = 5_000;
/** 640×360 is more than the smallest picture of every encoder. */
const SOURCE = "testsrc2=s=640x360:r=25";
const TARGET = { level: "3.0", maxrateBps: 1_500_000, averageBandwidthBps: 1_000_000, gopFrames: 50 };
/** Seconds: a little before frames 3 and 7 of 12. */
const KEYFRAMES = "0.11,0.27";
const FRAGMENTS = "3,4,5";

/**
 * Has an encoder encode a few pictures, with keyframes where they are forced: one that puts them elsewhere could not
 * make segments. Never rejects.
 *
 * @returns why it can't be used; null when it can.
 */
export function probeHardware(ffmpeg: string, encoder: HardwareEncoder, signal: AbortSignal): Promise<string | null> {
  const { device, upload, output } = encoderArgs(TARGET, { encoder, inBand: true });
  const args = [
    ["-hide_banner", "-loglevel", "error", "-nostdin", ...device],
    ["-f", "lavfi", "-i", SOURCE, "-vf", ["format=yuv420p", ...upload].join(","), "-frames:v", "12"],
    [...output, "-force_key_frames", KEYFRAMES],
    ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", "pipe:1"],
  ].flat();
  const options = { timeout: TIME_LIMIT_MS, killSignal: "SIGKILL", encoding: "buffer", signal } as const;
  return new Promise((resolve) => {
    execFile(ffmpeg, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(faultOf(stdout));
      else if (error.killed === true) resolve(`no answer within ${TIME_LIMIT_MS / 1000} s`);
      else resolve(lastLine(stderr.toString("utf8")) ?? error.message);
    });
  });
}

function faultOf(bytes: Uint8Array): string | null {
  try {
    const parts = new FragmentSplitter().push(bytes);
    const counts = parts.flatMap((part) => (part.type === "fragment" ? part.sampleCount : [])).join(",");
    return counts === FRAGMENTS ? null : `keyframes come after ${counts} pictures instead of ${FRAGMENTS}`;
  } catch (error) {
    return String(error);
  }
}

const lastLine = (text: string) =>
  text
    .split(/[\r\n]+/)
    .findLast((line) => line.trim() !== "")
    ?.trim();
