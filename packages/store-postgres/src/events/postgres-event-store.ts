import type { Context, RecordedEvent } from "@playhead/protocol";
import type { EventStore } from "@playhead/store";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type Database, retryLostRaces } from "../connection/database.js";
import { sqlState, writeError } from "../connection/failures.js";
import { storable } from "../connection/storable.js";
import { BinaryCopy } from "./binary-copy.js";
import { columnList, columnTypes, type Row } from "./columns.js";
import { dropPartitions, type Month, makePartitions, monthOf } from "./partitions.js";
import { fromRow, type SplitContext, splitContext, toRow } from "./row.js";

/** The event log in PostgreSQL: the write path that was measured as the fastest durable one (DESIGN §5). */
export class PostgresEventStore implements EventStore {
  readonly #database: Database;
  /** Connections that have their stage. */
  readonly #staged = new WeakSet<pg.ClientBase>();
  /** Months known to have a partition. */
  readonly #months = new Set<Month>();

  constructor(database: Database) {
    this.#database = database;
  }

  async append(events: readonly RecordedEvent[]): Promise<readonly boolean[]> {
    if (events.length === 0) return [];
    try {
      const group = makeGroup(events);
      const added = await retryLostRaces(() => this.#write(group));
      return group.firstOf.map((first) => first && added.has(first.key) && added.delete(first.key));
    } catch (error) {
      throw writeError(error);
    }
  }

  async #write(group: Group): Promise<Set<string>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#database.writing((client) => this.#transaction(client, group));
      } catch (error) {
        // No partition for the row: another server dropped the month, and an event of it came late.
        if (attempt > 1 || sqlState(error) !== "23514") throw error;
        this.#months.clear();
      }
    }
  }

  async #transaction(client: pg.ClientBase, group: Group): Promise<Set<string>> {
    await this.#prepare(client, group);
    await client.query("BEGIN");
    await copyIn(client, group.copy);
    const { rows } = await client.query<string[]>({ text: insert(group.keyed), rowMode: "array" });
    await client.query("COMMIT");
    return new Set(rows.map((row) => (group.keyed === "id" ? (row[0] ?? "") : keyOf(row[1], row[0], row[2]))));
  }

  async #prepare(client: pg.ClientBase, group: Group): Promise<void> {
    const missing = [...group.months].filter((month) => !this.#months.has(month));
    if (missing.length > 0) {
      await makePartitions(client, missing);
      for (const month of missing) this.#months.add(month);
    }
    if (this.#staged.has(client)) return;
    await client.query("CREATE TEMP TABLE IF NOT EXISTS telemetry_stage (LIKE telemetry_events) ON COMMIT DELETE ROWS");
    this.#staged.add(client);
  }

  async ofView(appId: string, viewId: string): Promise<readonly RecordedEvent[]> {
    if (!storable(appId, viewId)) return [];
    const rows = await this.#database.query(
      `SELECT ${columnList} FROM telemetry_events WHERE app_id = $1 AND session_id = $2
       ORDER BY event_timestamp, seq, event_id`,
      [appId, viewId],
    );
    return rows.map(fromRow);
  }

  /** @see PostgresStore.dropEventsBefore */
  async dropBefore(before: number): Promise<readonly string[]> {
    try {
      return await this.#database.session((client) => dropPartitions(client, before));
    } finally {
      this.#months.clear();
    }
  }
}

/** One transaction's rows, each once, in the order of their keys: two writers with the same events then never deadlock. */
interface Group {
  readonly copy: Buffer;
  readonly months: ReadonlySet<Month>;
  /** `id` when the event ids alone tell the rows apart, which is nearly always. */
  readonly keyed: "id" | "whole";
  /** For each event its row's key if it is the first with it, else false. */
  readonly firstOf: readonly (false | { readonly key: string })[];
}

function keyOf(...parts: readonly unknown[]): string {
  return parts.join("\u0001");
}

function makeGroup(events: readonly RecordedEvent[]): Group {
  const whole = new Map<string, RecordedEvent>();
  const ids = new Set<string>();
  const months = new Set<Month>();
  const wholeKeys = events.map((recorded) => {
    const key = keyOf(recorded.appId, recorded.event.id, recorded.event.ts);
    if (whole.has(key)) return false;
    whole.set(key, recorded);
    ids.add(recorded.event.id);
    const month = monthOf(recorded.event.ts);
    if (month !== undefined) months.add(month);
    return key;
  });
  const keyed = ids.size === whole.size ? "id" : "whole";
  const firstOf = events.map((recorded, index) => {
    const key = wholeKeys[index];
    if (key === undefined || key === false) return false;
    return { key: keyed === "id" ? recorded.event.id : key };
  });
  return { copy: encode(whole), months, keyed, firstOf };
}

function encode(events: ReadonlyMap<string, RecordedEvent>): Buffer {
  const contexts = new Map<Context, SplitContext>();
  const copy = new BinaryCopy(events.size * 512);
  for (const key of [...events.keys()].toSorted()) {
    const recorded = events.get(key);
    if (recorded === undefined) continue;
    let context = contexts.get(recorded.context);
    if (context === undefined) {
      context = splitContext(recorded.context);
      contexts.set(recorded.context, context);
    }
    putRow(copy, toRow(recorded, context));
  }
  return copy.finish();
}

function putRow(copy: BinaryCopy, row: Row): void {
  const cells: Readonly<Record<string, Row[keyof Row]>> = row;
  copy.startRow(columnTypes.length);
  for (const [name, type] of columnTypes) {
    const cell = cells[name];
    if (cell === undefined || cell === null) copy.putNull();
    else if (typeof cell === "string" && type === "jsonb") copy.putJsonb(cell);
    else if (typeof cell === "string") copy.putText(cell);
    else if (typeof cell === "boolean") copy.putBoolean(cell);
    else if (type === "int4") copy.putInt4(cell);
    else if (type === "int8") copy.putInt8(cell);
    else copy.putFloat8(cell);
  }
}

/**
 * Takes over what is new, and marks its views. The views are taken in order, so that two writers never wait for each
 * other; the mark is drawn while the row is held, so that it grows.
 */
function insert(keyed: Group["keyed"]): string {
  return `
    WITH added AS (
      INSERT INTO telemetry_events (${columnList}) SELECT ${columnList} FROM telemetry_stage
      ON CONFLICT DO NOTHING RETURNING event_id, app_id, event_timestamp, session_id
    ), marked AS (
      INSERT INTO view_due (app_id, view_id, mark)
      SELECT app_id, session_id, nextval('view_due_mark')
      FROM (SELECT DISTINCT app_id, session_id FROM added ORDER BY 1, 2) touched
      ON CONFLICT (app_id, view_id) DO UPDATE SET mark = nextval('view_due_mark')
    )
    SELECT event_id${keyed === "id" ? "" : ", app_id, event_timestamp::text"} FROM added`;
}

function copyIn(client: pg.ClientBase, data: Buffer): Promise<void> {
  const stream = client.query(copyFrom(`COPY telemetry_stage (${columnList}) FROM STDIN (FORMAT binary)`));
  return new Promise((resolve, reject) => {
    stream.on("error", reject);
    stream.on("finish", resolve);
    stream.end(data);
  });
}
