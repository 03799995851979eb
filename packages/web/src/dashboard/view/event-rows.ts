import { numberOf, type ViewEvent } from "./view-event.js";

/** A row of the list: one event, or a run of requests that tell little one by one. */
export type EventRow =
  | { readonly kind: "event"; readonly event: ViewEvent }
  | { readonly kind: "run"; readonly id: string; readonly events: readonly ViewEvent[] };

/** Fewer stand for themselves. */
const SHORTEST_RUN = 3;

/** Events in order; requests that follow each other directly become one row that can be opened. */
export function eventRows(events: readonly ViewEvent[]): readonly EventRow[] {
  const rows: EventRow[] = [];
  let run: ViewEvent[] = [];
  const close = () => {
    const [first] = run;
    if (first && run.length >= SHORTEST_RUN) rows.push({ kind: "run", id: `run ${first.id}`, events: run });
    else rows.push(...run.map((event): EventRow => ({ kind: "event", event })));
    run = [];
  };
  for (const event of events) {
    if (isPlain(event)) {
      run.push(event);
      continue;
    }
    close();
    rows.push({ kind: "event", event });
  }
  close();
  return rows;
}

/** A request that went well. One that failed is news. */
function isPlain(event: ViewEvent): boolean {
  if (event.type === "segment") return true;
  const status = numberOf(event, "status") ?? 200;
  return event.type === "request" && status >= 200 && status < 400 && (numberOf(event, "retries") ?? 0) === 0;
}

export interface RunTotals {
  readonly requests: number;
  readonly bytes: number;
  readonly slowestMs: number;
  readonly waitMs: number;
}

export function runTotals(events: readonly ViewEvent[]): RunTotals {
  let bytes = 0;
  let slowestMs = 0;
  let waitMs = 0;
  for (const event of events) {
    bytes += numberOf(event, "bytes") ?? 0;
    waitMs += numberOf(event, "waitMs") ?? 0;
    slowestMs = Math.max(slowestMs, numberOf(event, "durationMs") ?? numberOf(event, "ttfbMs") ?? 0);
  }
  return { requests: events.length, bytes, slowestMs, waitMs };
}
