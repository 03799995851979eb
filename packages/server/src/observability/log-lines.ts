import type { Logger } from "pino";
import type { Channel, Messages } from "./channels.js";
import type { Handlers } from "./subscriber.js";

type Level = "info" | "warn" | "debug" | "trace";
type Line<C extends Channel> = readonly [level: Level, message: string, leave?: readonly (keyof Messages[C])[]];

/** How loud each is said. What fails is logged where it fails, with ffmpeg's last words; here it is only told. */
const lines: { readonly [C in Channel]?: Line<C> } = {
  "playhead:playback.request": ["info", "A film was asked for", ["userId"]],
  "playhead:hls.session.start": ["debug", "HLS session opened", ["userId"]],
  "playhead:hls.session.end": ["info", "HLS session ended", ["userId"]],
  "playhead:encoder.wait": ["info", "An encoder had to wait"],
  "playhead:ffmpeg.start": ["debug", "ffmpeg started"],
  "playhead:ffmpeg.first_segment": ["debug", "ffmpeg made its first segment"],
  "playhead:ffmpeg.segment": ["trace", "ffmpeg made a segment"],
  "playhead:ffmpeg.end": ["debug", "ffmpeg ended"],
  "playhead:ffmpeg.error": ["debug", "ffmpeg failed"],
  "playhead:segment.request": ["trace", "Segment answered", ["userId"]],
  "playhead:ingest.batch": ["trace", "Batch of telemetry answered"],
  "playhead:library.probe": ["debug", "File examined"],
};

/** A sender that is wrong is wrong with every event: at most one line a reason in this time. */
const DROPS_EVERY_MS = 60_000;

/** Lines of the log for what the stages tell. Who plays what is in none of them. @param now ms, monotonic */
export function logLines(
  log: Pick<Logger, "isLevelEnabled" | Level>,
  now: () => number = () => performance.now(),
): Handlers {
  /** Undefined where the line would not be written: then nobody has to listen. */
  function say<C extends Channel>(channel: C): ((message: Messages[C]) => void) | undefined {
    const [level, text, leave = []] = lines[channel] ?? ["trace", channel];
    if (!log.isLevelEnabled(level)) return undefined;
    return (message) => {
      const said = Object.entries(message).filter(([name]) => name !== "ts" && !leave.some((left) => left === name));
      log[level]({ channel, ...Object.fromEntries(said) }, text);
    };
  }

  const drops = new Map<string, { count: number; until: number }>();
  const sayDrop = ({ reason, count }: Messages["playhead:ingest.drop"]) => {
    const known = drops.get(reason) ?? { count: 0, until: Number.NEGATIVE_INFINITY };
    drops.set(reason, known);
    known.count += count;
    if (now() < known.until) return;
    log.warn({ channel: "playhead:ingest.drop", reason, count: known.count }, "Telemetry events were dropped");
    known.count = 0;
    known.until = now() + DROPS_EVERY_MS;
  };

  return {
    "playhead:playback.request": say("playhead:playback.request"),
    "playhead:hls.session.start": say("playhead:hls.session.start"),
    "playhead:hls.session.end": say("playhead:hls.session.end"),
    "playhead:encoder.wait": say("playhead:encoder.wait"),
    "playhead:ffmpeg.start": say("playhead:ffmpeg.start"),
    "playhead:ffmpeg.first_segment": say("playhead:ffmpeg.first_segment"),
    "playhead:ffmpeg.segment": say("playhead:ffmpeg.segment"),
    "playhead:ffmpeg.end": say("playhead:ffmpeg.end"),
    "playhead:ffmpeg.error": say("playhead:ffmpeg.error"),
    "playhead:segment.request": say("playhead:segment.request"),
    "playhead:ingest.batch": say("playhead:ingest.batch"),
    "playhead:library.probe": say("playhead:library.probe"),
    "playhead:ingest.drop": sayDrop,
  };
}
