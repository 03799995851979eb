import { flagOf, numberOf, textOf, type ViewEvent } from "./view-event.js";

/** One ffmpeg that worked for the view, on the server's clock, ms from the view's start: it may have begun before. */
export interface EncoderRun {
  readonly rendition: string | undefined;
  readonly encoder: string | undefined;
  readonly from: number;
  /** How long it waited for others before it began. */
  readonly queuedMs: number | undefined;
  /** When its first segment was there; undefined if it never was. */
  readonly firstAt: number | undefined;
  /** Segments of its rendition that were made for this view, when they were sent. */
  readonly segments: readonly number[];
  readonly to: number;
  /** `open`: nothing tells its end. */
  readonly end: "failed" | "replaced" | "session" | "open";
  readonly error: string | undefined;
}

export interface SessionSpan {
  readonly from: number;
  readonly to: number;
  /** Why it ended; undefined while it lasts. */
  readonly reason: string | undefined;
}

export interface EncoderLane {
  readonly runs: readonly EncoderRun[];
  readonly sessions: readonly SessionSpan[];
}

type Building = { -readonly [K in keyof Omit<EncoderRun, "segments">]: EncoderRun[K] } & { segments: number[] };

/** The life of each encoder and of the HLS session, read from the server's events. */
export function encoderLane(events: readonly ViewEvent[], zero: number, lengthMs: number): EncoderLane {
  const runs: Building[] = [];
  const open = new Map<string, Building>();
  const sessions: { from: number; to: number; reason: string | undefined }[] = [];
  const close = (key: string, at: number, end: EncoderRun["end"], error?: string) => {
    const run = open.get(key);
    if (!run) return;
    Object.assign(run, { to: Math.max(run.from, at), end, error });
    open.delete(key);
  };

  for (const event of events.toSorted((a, b) => a.ts - b.ts)) {
    const at = event.ts - zero;
    const rendition = textOf(event, "rendition");
    const key = rendition ?? "";
    switch (event.type) {
      case "hls_session_start":
        sessions.push({ from: at, to: Math.max(at, lengthMs), reason: undefined });
        break;
      case "hls_session_end": {
        const session = sessions.at(-1);
        const ended = { to: at, reason: textOf(event, "reason") ?? "ended" };
        if (session && session.reason === undefined) Object.assign(session, ended);
        else sessions.push({ from: at - (numberOf(event, "durationMs") ?? 0), ...ended });
        for (const name of open.keys()) close(name, at, "session");
        break;
      }
      case "ffmpeg_start": {
        close(key, at, "replaced");
        const run: Building = {
          rendition,
          encoder: textOf(event, "encoder"),
          from: at,
          queuedMs: numberOf(event, "durationMs"),
          firstAt: undefined,
          segments: [],
          to: Math.max(at, lengthMs),
          end: "open",
          error: undefined,
        };
        open.set(key, run);
        runs.push(run);
        break;
      }
      case "first_segment": {
        const run = open.get(key);
        if (run && run.firstAt === undefined) run.firstAt = at;
        break;
      }
      case "segment":
        if (numberOf(event, "segment") !== undefined && !flagOf(event, "cached")) open.get(key)?.segments.push(at);
        break;
      case "transcode_error":
        close(key, at, "failed", textOf(event, "code"));
        break;
      default:
    }
  }
  return { runs, sessions };
}
