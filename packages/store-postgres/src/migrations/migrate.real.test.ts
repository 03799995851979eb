import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, openCluster } from "../embedded/cluster.js";
import { openPostgresStore } from "../open-postgres-store.js";
import { makeDataFolder } from "../testing/data-folder.js";
import { sampleEvent, sampleTime } from "../testing/sample-event.js";
import { silent } from "../testing/silent-log.js";
import { migrations } from "./list.js";
import { IncompatibleDatabaseError, migrate } from "./migrate.js";

/** One server; each test has a database of its own, reached as a stranger's would be: by DATABASE_URL. */
let cluster: Cluster;
let dataDir: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ dataDir, remove } = await makeDataFolder());
  cluster = await openCluster({ dataDir, log: silent });
});
afterAll(async () => {
  await cluster.close();
  await remove();
});

async function newDatabase(): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await query(urlOf("postgres"), `CREATE DATABASE ${name}`);
  return urlOf(name);
}

function urlOf(database: string): string {
  const { user, password, host, port } = cluster.connection;
  return `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}

async function query(connectionString: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const open = (databaseUrl: string) => openPostgresStore({ databaseUrl, dataDir, log: silent });

describe("a database by its URL", () => {
  it("is brought up to date once when several servers start together, and used by all", async () => {
    const url = await newDatabase();
    const stores = await Promise.all([open(url), open(url), open(url)]);
    await Promise.all(stores.map((store, index) => store.events.append([sampleEvent(`e${index}`)])));
    expect(await stores[0]?.events.ofView("default", "view")).toHaveLength(3);
    await Promise.all(stores.map((store) => store.close()));
    const applied = await query(url, "SELECT version, name FROM playhead_migrations ORDER BY version");
    expect(applied).toEqual(migrations.map(({ name }, index) => ({ version: index + 1, name })));
  });

  it("keeps what it has when it is opened again", async () => {
    const url = await newDatabase();
    const first = await open(url);
    await first.events.append([sampleEvent("e")]);
    await first.close();
    const again = await open(url);
    expect(await again.events.append([sampleEvent("e")])).toEqual([false]);
    await again.close();
  });

  it("is refused, untouched, when a newer program made it", async () => {
    const url = await newDatabase();
    await (await open(url)).close();
    await query(url, "INSERT INTO playhead_migrations (version, name) VALUES (999, 'from the future')");
    await expect(open(url)).rejects.toThrow(IncompatibleDatabaseError);
    await expect(open(url)).rejects.toThrow(/version 999 by a newer Playhead.*Update Playhead/);
  });

  it("is left as it was when a migration fails", async () => {
    const client = new Client({ connectionString: await newDatabase() });
    await client.connect();
    const broken = [
      { name: "good", sql: "CREATE TABLE a (b int)" },
      { name: "bad", sql: "CREATE TABLE a (b int)" },
    ];
    await expect(migrate(client, broken)).rejects.toThrow("already exists");
    const { rows } = await client.query("SELECT to_regclass('a') AS a, to_regclass('playhead_migrations') AS m");
    expect(rows).toEqual([{ a: null, m: null }]);
    await client.end();
  });

  it("has seed 003's columns by name and type", async () => {
    const url = await newDatabase();
    await (await open(url)).close();
    const rows = await query(
      url,
      "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'telemetry_events' ORDER BY ordinal_position LIMIT 29",
    );
    const types = Object.fromEntries(rows.map((row) => [String(row["column_name"]), row["data_type"]]));
    expect(types).toEqual({
      event_id: "text",
      viewer_id: "text",
      session_id: "text",
      event_type: "text",
      event_timestamp: "bigint",
      playback_position_sec: "double precision",
      bitrate_kbps: "integer",
      resolution: "text",
      video_width: "integer",
      video_height: "integer",
      buffer_start: "bigint",
      buffer_end: "bigint",
      buffer_duration_ms: "integer",
      network_downlink_mbps: "double precision",
      network_rtt_ms: "integer",
      network_effective_type: "text",
      device_browser: "text",
      device_os: "text",
      screen_width: "integer",
      screen_height: "integer",
      total_watch_time_ms: "bigint",
      total_pause_time_ms: "bigint",
      interaction_count: "integer",
      dropped_frames: "integer",
      decoded_frames: "integer",
      fps: "double precision",
      buffer_length_sec: "double precision",
      raw_json: "jsonb",
      created_at: "timestamp with time zone",
    });
  });

  it("says so when nothing answers there", async () => {
    const url = "postgres://nobody:secret@/db?host=/nonexistent";
    await expect(open(url)).rejects.toThrow(/DATABASE_URL does not answer/);
    await expect(open(url)).rejects.not.toThrow(/secret/);
  });
});

describe("the log's partitions", () => {
  const month = (year: number, index: number) => Date.UTC(year, index, 15);
  const events = (times: readonly number[]) => times.map((ts) => sampleEvent(`at ${ts}`, { ts }));

  it("are made by month on demand, by two servers at once too", async () => {
    const url = await newDatabase();
    const [a, b] = await Promise.all([open(url), open(url)]);
    const times = Array.from({ length: 12 }, (_, index) => month(2025, index));
    const [one, two] = await Promise.all([a.events.append(events(times)), b.events.append(events(times.toReversed()))]);
    expect([...one, ...two].filter(Boolean)).toHaveLength(12);
    const names = await query(
      url,
      "SELECT relid::text AS name FROM pg_partition_tree('telemetry_events') WHERE isleaf",
    );
    expect(names).toHaveLength(14);
    await Promise.all([a.close(), b.close()]);
  });

  it("are dropped whole once all of their month is before, and come back for a late event of any server", async () => {
    const url = await newDatabase();
    const [dropping, writing] = await Promise.all([open(url), open(url)]);
    await writing.events.append(events([0, month(2025, 0), month(2025, 1), month(2025, 2), sampleTime]));
    expect(await dropping.dropEventsBefore(Date.UTC(2025, 2, 20))).toEqual([
      "telemetry_events_2025_01",
      "telemetry_events_2025_02",
    ]);
    const left = (await writing.events.ofView("default", "view")).map(({ event }) => event.ts);
    expect(left).toEqual([month(2025, 2), sampleTime]);
    // This server still believes in the partition that is gone.
    expect(await writing.events.append(events([month(2025, 1)]))).toEqual([true]);
    expect(await dropping.dropEventsBefore(0)).toEqual([]);
    await Promise.all([dropping.close(), writing.close()]);
  });

  it("are dropped while others write", async () => {
    const url = await newDatabase();
    const store = await open(url);
    await store.events.append(events([month(2025, 0)]));
    const writes = Array.from({ length: 20 }, (_, i) => store.events.append([sampleEvent(`w${i}`)]));
    const [dropped, ...written] = await Promise.all([store.dropEventsBefore(Date.UTC(2025, 1)), ...writes]);
    expect(dropped).toEqual(["telemetry_events_2025_01"]);
    expect(written.flat()).toEqual(Array.from({ length: 20 }, () => true));
    await store.close();
  });
});
