import type { EventType, PlayheadEvent } from "@playhead/protocol";
import { attempt } from "../observe/guard.js";
import type { Clock } from "./clock.js";
import { whole } from "./known.js";
import { idsFrom } from "./uuid.js";

type Stamped = "id" | "seq" | "ts";
type Fields<T extends EventType> = Omit<Extract<PlayheadEvent, { type: T }>, Stamped | "type">;
/** An event before it has its id, number and time; what is not known may be undefined, and numbers need not be whole. */
export type Draft = {
  [T in EventType]: { type: T } & { [K in keyof Fields<T>]: Fields<T>[K] | undefined };
}[EventType];
/** Records a draft that happened at `at` (`performance.now()`; default: now). */
export type RecordEvent = (draft: Draft, at?: number) => void;

export type BeforeSend = (event: PlayheadEvent) => PlayheadEvent | null;

export interface RecorderDeps {
  readonly clock: Clock;
  /** Playhead position, ms, for events that do not bring their own. */
  readonly positionMs: () => number | undefined;
  readonly beforeSend: BeforeSend | undefined;
  readonly enqueue: (event: PlayheadEvent) => void;
}

/** Events that say how things are, and neither begin nor end anything that is timed. */
const samples: ReadonlySet<EventType> = new Set<EventType>([
  "request",
  "heartbeat",
  "custom",
  "error",
  "quality_change",
]);

/**
 * Gives each event its id, its number in the view and its time. An event is never changed after that: a repeat of it is
 * the same event, which is what makes sending it twice harmless.
 */
export function createRecorder(deps: RecorderDeps): RecordEvent {
  const { clock } = deps;
  const idOf = idsFrom(clock.unix(clock.now()));
  let seq = 0;
  let latest = 0;
  return (draft, at = clock.now()) => {
    // Some facts are known only after their moment (when a stall began, when it was over). What the viewer saw never runs
    // backwards along `seq` even so; a sample taken in between does not hold it up. The one exception is the intent: a
    // click may well come before the page attached the SDK.
    const ts = draft.type === "play_request" ? clock.unix(at) : Math.max(clock.unix(at), latest);
    // There may be two a second of requests, and where the playhead is meanwhile explains none of them.
    const positionMs = draft.type === "request" ? undefined : (draft.positionMs ?? deps.positionMs());
    const event = tidy({ id: idOf(seq), seq, ts, ...draft, positionMs });
    // A hook that fails may have been about to remove something private: the event stays here.
    const kept = deps.beforeSend ? attempt(() => deps.beforeSend?.(event)) : event;
    if (!kept) return;
    if (!samples.has(draft.type)) latest = Math.max(latest, ts);
    seq++;
    deps.enqueue(kept);
  };
}

/** As the wire wants it: "not known" is absent and never null or 0, and numbers are whole and not negative. */
function tidy(event: Draft & Pick<PlayheadEvent, Stamped>): PlayheadEvent;
function tidy(event: Record<string, unknown>): Record<string, unknown> {
  const tidied: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(event)) {
    const wired = typeof value === "number" && name !== "fps" ? whole(value) : value;
    if (wired !== undefined) tidied[name] = wired;
  }
  return tidied;
}
