import type { Context, RecordedEvent } from "@playhead/protocol";
import { RejectedEventError } from "@playhead/store";
import type { Row } from "./columns.js";
import { contextFields, contextGroups, eventFields, type Fields } from "./fields.js";

/** A batch's context, split once for all its events. */
export interface SplitContext {
  readonly cells: Row;
  /** JSON of what has no column; empty when everything has. */
  readonly rest: string;
}

export function splitContext(context: Context): SplitContext {
  const cells: Row = { session_id: context.viewId };
  const { viewId: _, ...described } = context;
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(takeFields(described, contextFields, cells) ?? {})) {
    const fields = Object.hasOwn(contextGroups, name) ? contextGroups[name] : undefined;
    const kept = fields !== undefined && isPlain(value) ? takeGroup(value, fields, cells) : value;
    if (kept !== undefined) rest[name] = kept;
  }
  return { cells, rest: isEmpty(rest) ? "" : JSON.stringify(rest) };
}

/** @returns undefined when every field went into a column. A group that came empty is kept: it is not the same as none. */
function takeGroup(group: Record<string, unknown>, fields: Fields, cells: Row): Record<string, unknown> | undefined {
  return takeFields(group, fields, cells) ?? (isEmpty(group) ? group : undefined);
}

/** @throws {RejectedEventError} for a time or number that no column holds. */
export function toRow(recorded: RecordedEvent, context: SplitContext): Row {
  const { id, seq, type, ts, ...described } = recorded.event;
  if (!Number.isSafeInteger(ts) || !Number.isSafeInteger(seq) || !Number.isSafeInteger(recorded.receivedAt)) {
    throw new RejectedEventError("An event's ts, seq and receivedAt are whole numbers below 2^53.");
  }
  const row: Row = { ...context.cells };
  row.event_id = id;
  row.event_type = type;
  row.event_timestamp = ts;
  row.seq = seq;
  row.app_id = recorded.appId;
  row.source = recorded.source;
  row.received_at = recorded.receivedAt;
  const rest = takeFields(described, eventFields(type), row);
  derive(row);
  row.raw_json = rawJson(rest, context.rest);
  return row;
}

/** Seed 003's columns that follow from others: they are for who queries the table, and are never read back. */
function derive(row: Row): void {
  if (typeof row.video_height === "number") row.resolution = `${row.video_height}p`;
  if (typeof row.event_timestamp !== "number") return;
  if (row.event_type === "rebuffer_start") row.buffer_start = row.event_timestamp;
  if (row.event_type !== "rebuffer_end") return;
  row.buffer_end = row.event_timestamp;
  if (typeof row.buffer_duration_ms === "number") row.buffer_start = row.event_timestamp - row.buffer_duration_ms;
}

/** Moves what has a column into `cells`. @returns the rest, undefined when there is none. */
function takeFields(source: object, fields: Fields, cells: Row): Record<string, unknown> | undefined {
  let rest: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field !== undefined) {
      const cell = field.write(value);
      cells[field.column] = cell;
      if (cell !== null && field.read(cell) === value) continue;
    }
    if (name === "__proto__") throw new RejectedEventError("A field is named __proto__.");
    rest ??= {};
    rest[name] = value;
  }
  return rest;
}

function rawJson(event: Record<string, unknown> | undefined, context: string): string | null {
  if (event === undefined) return context === "" ? null : `{"context":${context}}`;
  const json = JSON.stringify(event);
  return context === "" ? `{"event":${json}}` : `{"event":${json},"context":${context}}`;
}

/** Puts an event together again from its row. The result is what was appended: that is this module's promise, and its test. */
export function fromRow(row: Record<string, unknown>): RecordedEvent {
  const raw = isPlain(row["raw_json"]) ? row["raw_json"] : {};
  const type = row["event_type"];
  const eventRest = isPlain(raw["event"]) ? raw["event"] : {};
  const contextRest = isPlain(raw["context"]) ? raw["context"] : {};
  const groups = Object.entries(contextGroups).flatMap(([name, fields]) => {
    const rest = contextRest[name];
    if (rest !== undefined && !isPlain(rest)) return [];
    const group = giveFields(row, fields, rest ?? {});
    return rest === undefined && isEmpty(group) ? [] : [[name, group] as const];
  });
  const recorded: unknown = {
    appId: row["app_id"],
    source: row["source"],
    receivedAt: row["received_at"],
    context: {
      viewId: row["session_id"],
      ...giveFields(row, contextFields, contextRest),
      ...Object.fromEntries(groups),
    },
    event: {
      id: row["event_id"],
      seq: row["seq"],
      type,
      ts: row["event_timestamp"],
      ...giveFields(row, eventFields(String(type)), eventRest),
    },
  };
  if (!isRecorded(recorded)) throw new Error("A row of telemetry_events has no id, type, time or view.");
  return recorded;
}

/** The columns without which nothing is an event; the rest was checked before it was stored. */
function isRecorded(value: unknown): value is RecordedEvent {
  if (!isPlain(value) || !isPlain(value["event"]) || !isPlain(value["context"])) return false;
  const { id, type, ts } = value["event"];
  return [id, type, value["context"]["viewId"]].every((text) => typeof text === "string") && typeof ts === "number";
}

function giveFields(
  row: Record<string, unknown>,
  fields: Fields,
  rest: Record<string, unknown>,
): Record<string, unknown> {
  const out: Record<string, unknown> = { ...rest };
  for (const [name, field] of Object.entries(fields)) {
    const cell = row[field.column];
    if (Object.hasOwn(rest, name)) continue;
    if (typeof cell === "string" || typeof cell === "number" || typeof cell === "boolean") out[name] = field.read(cell);
  }
  return out;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
