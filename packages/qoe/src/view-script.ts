import {
  type Context,
  checkEvent,
  type EventOf,
  type EventSource,
  type EventType,
  type RecordedEvent,
} from "@playhead/protocol";

/** For tests: a view written as lines of `[second, type, fields]`. */
export type Line = {
  [T in EventType]: readonly [atS: number, type: T, fields?: Partial<EventOf<T>>];
}[EventType];

export const scriptStart = 1_765_000_000_000;

export interface Script {
  readonly context?: Partial<Context>;
  readonly source?: EventSource;
  /** Sequence and id of the first line. */
  readonly seq?: number;
}

/** Unix ms of a second of the script. */
export const second = (s: number) => scriptStart + Math.round(s * 1000);

/** @throws when a line is not a valid event: a test of what can't arrive proves nothing. */
export function view(lines: readonly Line[], script: Script = {}): readonly RecordedEvent[] {
  const { context = {}, source = "sdk", seq = 0 } = script;
  return lines.map(([at, type, fields], i) => {
    const checked = checkEvent({ id: `${source}-${seq + i}`, seq: seq + i, ts: second(at), type, ...fields });
    if (!checked.ok) throw new Error(`Line ${i} of the script: ${checked.message}`);
    return {
      appId: "default",
      source,
      receivedAt: second(at) + 100,
      context: { viewId: "v1", ...context },
      event: checked.event,
    };
  });
}
