import type pg from "pg";

/** Months have partitions of their own between these times; what is outside lies in two fixed ones. */
const FIRST = Date.UTC(2020, 0);
const END = Date.UTC(2100, 0);

/** A UTC month, as the number of months since year 0. */
export type Month = number;

/** @returns undefined for a time that the fixed partitions take. */
export function monthOf(ts: number): Month | undefined {
  if (ts < FIRST || ts >= END) return undefined;
  const date = new Date(ts);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function startOf(month: Month): number {
  return Date.UTC(Math.floor(month / 12), month % 12);
}

export function partitionName(month: Month): string {
  return `telemetry_events_${Math.floor(month / 12)}_${String((month % 12) + 1).padStart(2, "0")}`;
}

function monthOfPartition(name: string): Month | undefined {
  const match = /^telemetry_events_(\d{4})_(\d{2})$/.exec(name);
  return match === null ? undefined : Number(match[1]) * 12 + Number(match[2]) - 1;
}

/** Two servers that need the same month, or one that drops while another makes, take turns. */
const LOCK = "1885632101, 3";

/** Makes the months' partitions that are missing. Outside of a transaction. */
export async function makePartitions(client: pg.ClientBase, months: Iterable<Month>): Promise<void> {
  for (const month of months) {
    const name = partitionName(month);
    const from = startOf(month);
    const to = startOf(month + 1);
    await client.query("BEGIN");
    try {
      await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
      const { rows } = await client.query(
        "SELECT FROM pg_inherits WHERE inhparent = 'telemetry_events'::regclass AND inhrelid = to_regclass($1)",
        [name],
      );
      if (rows.length === 0) {
        // Made apart and attached: making it in place would lock the whole table against readers and writers. The check
        // spares the attaching a scan.
        await client.query(`
          DROP TABLE IF EXISTS ${name};
          CREATE TABLE ${name} (LIKE telemetry_events INCLUDING ALL,
            CONSTRAINT month CHECK (event_timestamp >= ${from} AND event_timestamp < ${to}));
          ALTER TABLE telemetry_events ATTACH PARTITION ${name} FOR VALUES FROM (${from}) TO (${to});
          ALTER TABLE ${name} DROP CONSTRAINT month`);
      }
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }
}

/**
 * Drops the months that end at or before `before`, and deletes what lies before 2020 and before `before`.
 * @returns the names of the dropped partitions.
 */
export async function dropPartitions(client: pg.ClientBase, before: number): Promise<readonly string[]> {
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  try {
    const { rows } = await client.query<{ name: string; pending: boolean }>(`
      SELECT relname AS name, inhdetachpending AS pending
      FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'telemetry_events'::regclass ORDER BY relname`);
    const dropped: string[] = [];
    for (const { name, pending } of rows) {
      const month = monthOfPartition(name);
      if (month === undefined || startOf(month + 1) > before) continue;
      // Waits for who uses the table and makes nobody wait for it. One that was cut off in the middle is finished.
      const how = pending ? "FINALIZE" : "CONCURRENTLY";
      await client.query(`ALTER TABLE telemetry_events DETACH PARTITION ${name} ${how}`);
      await client.query(`DROP TABLE ${name}`);
      dropped.push(name);
    }
    await client.query("DELETE FROM telemetry_events_before WHERE event_timestamp < $1", [before]);
    return dropped;
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
  }
}
