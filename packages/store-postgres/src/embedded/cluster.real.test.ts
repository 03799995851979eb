import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { StoreUnavailableError } from "@playhead/store";
import { afterEach, describe, expect, it } from "vitest";
import { openPostgresStore } from "../open-postgres-store.js";
import { makeDataFolder } from "../testing/data-folder.js";
import { sampleEvent } from "../testing/sample-event.js";
import { silent } from "../testing/silent-log.js";
import { openCluster } from "./cluster.js";
import { EmbeddedPostgresError } from "./failure.js";

const tidy: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of tidy.splice(0).toReversed()) await step();
});

async function dataFolder(): Promise<string> {
  const { dataDir, remove } = await makeDataFolder();
  tidy.push(remove);
  return dataDir;
}

async function openStore(dataDir: string) {
  const store = await openPostgresStore({ databaseUrl: null, dataDir, log: silent });
  tidy.push(() => store.close());
  return store;
}

/** The server's process, as its own file names it. */
async function postmasterOf(base: string): Promise<number> {
  return Number.parseInt(await readFile(path.join(base, "data", "postmaster.pid"), "utf8"), 10);
}

/** A server that stopped in order took its file away. Its process may still stand in the table until its parent looks. */
async function runs(dataDir: string): Promise<boolean> {
  const file = path.join(dataDir, "postgres", "data", "postmaster.pid");
  return (await stat(file).catch(() => undefined)) !== undefined;
}

/** Awaits what has no event to wait for: another process's doing. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      await delay(20);
    }
  }
}

describe("the embedded server's life", () => {
  it("starts, stops with its last user, and starts again with its data", async () => {
    const dataDir = await dataFolder();
    const first = await openStore(dataDir);
    await first.events.append([sampleEvent("a")]);
    expect(await runs(dataDir)).toBe(true);
    await first.close();
    expect(await runs(dataDir)).toBe(false);
    const second = await openStore(dataDir);
    expect(await second.events.ofView("default", "view")).toStrictEqual([sampleEvent("a")]);
  });

  it("comes back by itself after SIGKILL, with everything that was acknowledged", async () => {
    const dataDir = await dataFolder();
    const store = await openStore(dataDir);
    await store.events.append([sampleEvent("before")]);
    const pid = await postmasterOf(path.join(dataDir, "postgres"));
    process.kill(pid, "SIGKILL");
    // Some call notices: it may not fall in between, but every failure must be of the kind that says "try again".
    await until(() => store.events.append([sampleEvent("after")]));
    // A connection may answer once more before it sees that its server is gone.
    while ((await postmasterOf(path.join(dataDir, "postgres")).catch(() => pid)) === pid) {
      await until(() => store.ping());
    }
    const ids = (await store.events.ofView("default", "view")).map(({ event }) => event.id);
    expect(ids.toSorted()).toEqual(["after", "before"]);
  });

  it("rejects calls as unavailable while the server is away", async () => {
    const dataDir = await dataFolder();
    const store = await openStore(dataDir);
    const postmaster = await postmasterOf(path.join(dataDir, "postgres"));
    // Nothing can start where the program's data were taken away from it.
    await chmod(path.join(dataDir, "postgres", "data"), 0o000);
    process.kill(postmaster, "SIGKILL");
    const failure = async (): Promise<unknown> => {
      for (;;) {
        try {
          await store.ping();
          await delay(5);
        } catch (error) {
          return error;
        }
      }
    };
    expect(await failure()).toBeInstanceOf(StoreUnavailableError);
    await expect(store.events.append([sampleEvent("x")])).rejects.toThrow(StoreUnavailableError);
    await expect(store.views.withDue(1, async () => undefined)).rejects.toThrow(StoreUnavailableError);
    await chmod(path.join(dataDir, "postgres", "data"), 0o700);
    await until(() => store.events.append([sampleEvent("x")]));
  });

  it("joins the server that a killed parent left, and stops it in the end", async () => {
    const dataDir = await dataFolder();
    const holder = spawn(
      process.execPath,
      ["--conditions=source", "--import", "tsx", path.join(import.meta.dirname, "../testing/hold-store.ts"), dataDir],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(holder.stdout, "data");
    const pid = await postmasterOf(path.join(dataDir, "postgres"));
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await runs(dataDir)).toBe(true);
    const store = await openStore(dataDir);
    expect(await postmasterOf(path.join(dataDir, "postgres"))).toBe(pid);
    expect(await store.events.ofView("default", "view")).toHaveLength(1);
    await store.close();
    expect(await runs(dataDir)).toBe(false);
  });

  it("is one server for all that open it at once, until the last one closes", async () => {
    const dataDir = await dataFolder();
    const [a, b, c] = await Promise.all([openStore(dataDir), openStore(dataDir), openStore(dataDir)]);
    await a.events.append([sampleEvent("a")]);
    await a.close();
    await b.close();
    expect(await c.events.ofView("default", "view")).toHaveLength(1);
    expect(await runs(dataDir)).toBe(true);
    await c.close();
    expect(await runs(dataDir)).toBe(false);
  });

  it("does not live on when all its users leave together, or when one comes as another goes", async () => {
    const dataDir = await dataFolder();
    const stores = await Promise.all([openStore(dataDir), openStore(dataDir)]);
    await Promise.all(stores.map((store) => store.close()));
    expect(await runs(dataDir)).toBe(false);
    for (let round = 0; round < 3; round++) {
      const leaving = await openStore(dataDir);
      const [, coming] = await Promise.all([leaving.close(), openStore(dataDir)]);
      await coming.ping();
      await coming.close();
    }
    expect(await runs(dataDir)).toBe(false);
  });

  it("starts where a stale postmaster.pid names a living stranger", async () => {
    const dataDir = await dataFolder();
    await (await openStore(dataDir)).close();
    const data = path.join(dataDir, "postgres", "data");
    const stranger = spawn("sleep", ["60"], { stdio: "ignore", ...(await ownerOf(data)) });
    tidy.push(async () => stranger.kill());
    await writeFile(path.join(data, "postmaster.pid"), `${stranger.pid}\n${data}\n1\n5432\n/tmp\n\n  1 1\nready   \n`);
    await (await openStore(dataDir)).ping();
  });

  it("fits a socket where the data folder's path is too long for one", async () => {
    const dataDir = path.join(await dataFolder(), "long".repeat(25), "data");
    const cluster = await openCluster({ dataDir, log: silent });
    // An empty folder that the next start would use again.
    tidy.push(() => rm(cluster.connection.host, { recursive: true, force: true }));
    tidy.push(() => cluster.close());
    expect(cluster.connection.host.length).toBeLessThan(100);
    expect((await stat(cluster.connection.host)).mode & 0o777).toBe(0o700);
    await expect(stat(path.join(dataDir, "postgres", "data", "PG_VERSION"))).resolves.toBeDefined();
  });

  it("keeps its password and its data to itself, and listens on no network", async () => {
    const dataDir = await dataFolder();
    const cluster = await openCluster({ dataDir, log: silent });
    tidy.push(() => cluster.close());
    const mode = async (file: string) => (await stat(path.join(dataDir, "postgres", file))).mode & 0o777;
    expect([await mode("password"), await mode("data"), await mode("run")]).toEqual([0o600, 0o700, 0o700]);
    const { Client } = await import("pg");
    const stranger = new Client({ ...cluster.connection, password: "guessed" });
    stranger.on("error", () => undefined);
    await expect(stranger.connect()).rejects.toThrow("password authentication failed");
    const guest = new Client(cluster.connection);
    await guest.connect();
    const { rows } = await guest.query(
      "SELECT current_setting('listen_addresses') AS a, current_setting('fsync') AS f, current_setting('synchronous_commit') AS s",
    );
    await guest.end();
    expect(rows).toEqual([{ a: "", f: "on", s: "on" }]);
  });
});

describe("where the embedded server can't run", () => {
  it("says so when the data folder is a file", async () => {
    const dataDir = path.join(await dataFolder(), "file");
    await writeFile(dataDir, "");
    const opening = openPostgresStore({ databaseUrl: null, dataDir, log: silent });
    await expect(opening).rejects.toThrow(EmbeddedPostgresError);
    await expect(opening).rejects.toThrow(/can't be made.*PLAYHEAD_DATA_DIR/);
  });

  it("says so when the database was made by another version", async () => {
    const dataDir = await dataFolder();
    await (await openStore(dataDir)).close();
    await writeFile(path.join(dataDir, "postgres", "data", "PG_VERSION"), "12\n");
    await expect(openStore(dataDir)).rejects.toThrow(/made by PostgreSQL 12, and this Playhead brings 18/);
  });

  it("passes on what PostgreSQL says when its files are broken", async () => {
    const dataDir = await dataFolder();
    await (await openStore(dataDir)).close();
    await rm(path.join(dataDir, "postgres", "data", "global", "pg_control"));
    await expect(openStore(dataDir)).rejects.toThrow(/did not start .*log: /);
  });
});

describe.runIf(process.getuid?.() === 0)("as root", () => {
  it("keeps the database where its user can go when the data folder is root's alone, and leaves a note", async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), "playhead-home-"));
    tidy.push(() => rm(home, { recursive: true, force: true }));
    const dataDir = path.join(home, "data");
    await mkdir(dataDir);
    const store = await openStore(dataDir);
    await store.events.append([sampleEvent("a")]);
    const note = await readFile(path.join(dataDir, "postgres-is-elsewhere.txt"), "utf8");
    const base = /^\/var\/lib\/playhead\/.*$/m.exec(note)?.[0] ?? "";
    tidy.push(() => rm(base, { recursive: true, force: true }));
    await store.close();
    // Opening the way later must not start a second, empty database.
    await chmod(home, 0o755);
    const again = await openStore(dataDir);
    expect(await again.events.ofView("default", "view")).toHaveLength(1);
    await again.close();
  });

  it("runs the database as another user", async () => {
    const dataDir = await dataFolder();
    const store = await openStore(dataDir);
    await store.ping();
    const pid = await postmasterOf(path.join(dataDir, "postgres"));
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    expect(Number(/^Uid:\s+(\d+)/m.exec(status)?.[1])).toBeGreaterThan(0);
    expect(/^Groups:\s*(.*)$/m.exec(status)?.[1]?.split(" ").filter(Boolean)).not.toContain("0");
  });

  it("sweeps the database of a temporary data folder that has gone", async () => {
    const home = await mkdtemp(path.join(os.tmpdir(), "playhead-home-"));
    const store = await openStore(path.join(home, "data"));
    const note = await readFile(path.join(home, "data", "postgres-is-elsewhere.txt"), "utf8");
    const base = /^\/var\/lib\/playhead\/temporary\/.*$/m.exec(note)?.[0] ?? "";
    await store.close();
    await rm(home, { recursive: true });
    const other = await mkdtemp(path.join(os.tmpdir(), "playhead-home-"));
    tidy.push(() => rm(other, { recursive: true, force: true }));
    await openStore(other);
    await expect(stat(base)).rejects.toThrow("ENOENT");
  });
});

async function ownerOf(folder: string): Promise<{ readonly uid?: number; readonly gid?: number }> {
  const { uid, gid } = await stat(folder);
  return process.getuid?.() === 0 ? { uid, gid } : {};
}
