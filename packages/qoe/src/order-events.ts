import { type PlayerState, type PlayheadEvent, type RecordedEvent, serverEventTypes } from "@playhead/protocol";

/** The events of one view in the order in which they happened, each once. */
export interface OrderedEvents {
  /** What the player did, on one clock: by the best of the senders that told it. */
  readonly player: readonly RecordedEvent[];
  /** What lesser senders say of the same, on clocks of their own: it describes the view, and counts for nothing. */
  readonly others: readonly RecordedEvent[];
  /** What the server did for this view, on the server's clock: it explains the view, but is no player state. */
  readonly server: readonly RecordedEvent[];
}

/**
 * Who is believed, best first: what a page measures itself; what a player reports of each change of its state (CMCD's event
 * mode); what it tells of some moments, on its requests or otherwise. A view told by two of them is one view still, and not
 * counted twice.
 */
type Rank = "measured" | "cmcd" | "cmcd-request" | "server";

function rankOf(record: RecordedEvent): Rank {
  if (record.source === "cmcd" || record.source === "cmcd-request") return record.source;
  return record.source === "server" || serverEventTypes.has(record.event.type) ? "server" : "measured";
}

/** By time, then sequence; the rest only makes the order the same whatever order the events arrived in. */
function compare(a: RecordedEvent, b: RecordedEvent): number {
  return (
    a.event.ts - b.event.ts ||
    a.event.seq - b.event.seq ||
    (a.event.id < b.event.id ? -1 : a.event.id > b.event.id ? 1 : a.receivedAt - b.receivedAt)
  );
}

function isSorted(records: readonly RecordedEvent[]): boolean {
  for (let i = 1; i < records.length; i++) {
    const before = records[i - 1];
    const after = records[i];
    if (before !== undefined && after !== undefined && compare(before, after) > 0) return false;
  }
  return true;
}

/** Sorts by time and sequence and drops repeats of an event id. The store hands events over sorted, so that is the quick way. */
export function orderEvents(records: readonly RecordedEvent[]): OrderedEvents {
  const sorted = isSorted(records) ? records : records.toSorted(compare);
  const seen = new Set<string>();
  const ranked: Record<Rank, RecordedEvent[]> = { measured: [], cmcd: [], "cmcd-request": [], server: [] };
  for (const record of sorted) {
    const before = seen.size;
    seen.add(record.event.id);
    if (seen.size === before) continue;
    ranked[rankOf(record)].push(record);
  }
  const { measured, cmcd, server } = ranked;
  const requests = ranked["cmcd-request"];
  if (measured.length > 0) return { player: measured, others: [...cmcd, ...requests], server };
  if (requests.length === 0) return { player: cmcd, others: [], server };
  if (cmcd.some(({ event }) => event.type === "state_change")) return { player: cmcd, others: requests, server };
  const player = cmcd.length === 0 ? requests : [...requests, ...cmcd].toSorted(compare);
  return { player, others: [], server };
}

/**
 * The measures that an event may carry, whatever its type: decoders of other wires put them where their wire has them, and
 * unknown fields are kept unchecked. So read them through `measure`.
 */
export interface Sample {
  readonly ts: number;
  readonly positionMs?: number;
  readonly toMs?: number;
  readonly durationMs?: number;
  readonly watchMs?: number;
  readonly bitrateBps?: number;
  readonly width?: number;
  readonly height?: number;
  readonly playerWidth?: number;
  readonly playerHeight?: number;
  readonly droppedFrames?: number;
  readonly decodedFrames?: number;
  readonly fps?: number;
  readonly bufferMs?: number;
  readonly blockedMs?: number;
  readonly state?: PlayerState;
  readonly startupMs?: number;
  readonly rebufferCount?: number;
  readonly rebufferMs?: number;
  readonly rebufferedMs?: number;
}

export function sample(event: PlayheadEvent): Sample {
  return event;
}

/** A finite number of at least 0, or undefined. */
export function measure(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined;
}
