import type { EventType, PlayheadEvent } from "@playhead/protocol";
import { attempt } from "../observe/guard.js";
import type { Clock } from "./clock.js";
import { uuidv7 } from "./uuid.js";

type Stamped = "id" | "seq" | "ts";
/** An event before it has its id, number and time. */
export type Draft = { [T in EventType]: Omit<Extract<PlayheadEvent, { type: T }>, Stamped> }[EventType];
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
  let seq = 0;
  let latest = 0;
  return (draft, at = clock.now()) => {
    // Some facts are known only after their moment (when a stall began, when it was over). What the viewer saw never runs
    // backwards along `seq` even so; a sample taken in between does not hold it up. The one exception is the intent: a
    // click may well come before the page attached the SDK.
    const ts = draft.type === "play_request" ? clock.unix(at) : Math.max(clock.unix(at), latest);
    const positionMs = draft.positionMs ?? deps.positionMs();
    const event: PlayheadEvent = {
      id: uuidv7(ts),
      seq,
      ts,
      ...draft,
      ...(positionMs === undefined ? {} : { positionMs }),
    };
    // A hook that fails may have been about to remove something private: the event stays here.
    const kept = deps.beforeSend ? attempt(() => deps.beforeSend?.(event)) : event;
    if (!kept) return;
    if (!samples.has(draft.type)) latest = Math.max(latest, ts);
    seq++;
    deps.enqueue(kept);
  };
}
