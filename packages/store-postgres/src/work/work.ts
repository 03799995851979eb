import type { EncoderWork, SessionWork, Work, WorkBatch, WorkSelection, WorkStore } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { encoderWork, sessionWork, toRecord, type WorkTable } from "./columns.js";

interface EncoderRow extends EncoderWork, Record<string, unknown> {}
interface SessionRow extends SessionWork, Record<string, unknown> {}

/** A server that has been silent for as long will not send its last batch again. */
const FORGET_WRITERS = "7 days";

/** What servers did, in PostgreSQL. Each change is one statement, and so one transaction. */
export class PostgresWorkStore implements WorkStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Whoever adds takes the writer's row first: of two that send the same batch, the later one finds it added. Rows are
   * taken in the order of their keys, so that two servers seldom wait for each other in a circle; if they do, one tries again.
   */
  async add({ appId, writer, seq, encoders, sessions }: WorkBatch): Promise<void> {
    await this.#database.execute(
      `WITH turn AS (
         INSERT INTO work_writers AS kept (writer, seq, added_at) VALUES ($1, $2, now())
         ON CONFLICT (writer) DO UPDATE SET seq = excluded.seq, added_at = excluded.added_at WHERE kept.seq < excluded.seq
         RETURNING $3::text AS app_id
       ), of_encoders AS (${adding(encoderWork, "$4")}) ${adding(sessionWork, "$5")}`,
      [writer, seq, appId, recordsOf(encoders), recordsOf(sessions)],
    );
  }

  async read(selection: WorkSelection, intervalMs: number): Promise<Work> {
    const values = [selection.appId, selection.from, selection.to, intervalMs];
    const [encoders, sessions] = await Promise.all([
      this.#database.query<EncoderRow>(reading(encoderWork), values),
      this.#database.query<SessionRow>(reading(sessionWork), values),
    ]);
    return { encoders, sessions };
  }

  async thin(before: number, slotMs: number): Promise<void> {
    await this.#database.execute(thinning(encoderWork), [before, slotMs]);
    await this.#database.execute(thinning(sessionWork), [before, slotMs]);
    await this.#database.execute(`DELETE FROM work_writers WHERE added_at < now() - interval '${FORGET_WRITERS}'`);
  }
}

const recordsOf = (work: readonly object[]): string => JSON.stringify(work.map((row) => toRecord({ ...row })));

function adding({ name, record, columns, key, plus }: WorkTable, rows: string): string {
  return `INSERT INTO ${name} AS kept (${columns})
    SELECT turn.app_id, rows.* FROM turn, json_to_recordset(${rows}::json) AS rows (${record}) ORDER BY at, ${key}
    ON CONFLICT (app_id, at, ${key}) DO UPDATE SET ${plus}`;
}

function reading({ name, key, fields }: WorkTable): string {
  return `SELECT at / $4::bigint * $4 AS at, ${fields} FROM ${name}
    WHERE app_id = $1 AND at >= $2 AND at < $3 GROUP BY 1, ${key} ORDER BY 1, ${key}`;
}

function thinning({ name, columns, key, sums, plus }: WorkTable): string {
  return `WITH gone AS (DELETE FROM ${name} WHERE at < $1 AND at % $2 <> 0 RETURNING *)
    INSERT INTO ${name} AS kept (${columns})
    SELECT app_id, at / $2::bigint * $2, ${key}, ${sums} FROM gone GROUP BY app_id, at / $2::bigint * $2, ${key}
    ORDER BY app_id, at / $2::bigint * $2, ${key}
    ON CONFLICT (app_id, at, ${key}) DO UPDATE SET ${plus}`;
}
