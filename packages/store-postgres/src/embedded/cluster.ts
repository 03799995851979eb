import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "@playhead/store";
import { Client } from "pg";
import type { Account } from "./account.js";
import { type Binaries, prepareBinaries } from "./binaries.js";
import { EmbeddedPostgresError, errorCode, messageOf } from "./failure.js";
import { DATABASE, initialize, ROLE } from "./initialize.js";
import { choosePlaces, type Places, prepareSocketFolder, TEMPORARY_ROOT } from "./places.js";
import { startPostmaster, stopPostmaster, waitUntilReady } from "./postmaster.js";
import { sweepTemporary } from "./sweep.js";

export interface ClusterOptions {
  readonly dataDir: string;
  readonly log: Logger;
  readonly onProgress?: (step: string) => void;
}

/** How to connect: `host` is the socket's folder. */
export interface ClusterConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Our part in an embedded database that others may use too. */
export interface Cluster {
  readonly connection: ClusterConnection;
  /** The server's process now; it changes when the server was restarted. */
  pid(): number;
  /** Leaves. The last one out stops the server. */
  close(): Promise<void>;
}

/**
 * Who uses the server holds this lock, shared; who leaves tries to hold it alone, and gets it only when nobody else is
 * there, and then stops the server. A killed process's lock goes with its connection, so nobody needs to tidy up after it:
 * whoever starts next takes the running server over.
 */
const PRESENCE = "1885632101, 1";

/** Restarts of a server that keeps dying. */
const RETRY_MS = [0, 200, 1_000, 5_000] as const;

/**
 * Starts the embedded database, or joins it when it runs, and keeps it running until `close`.
 * @throws {EmbeddedPostgresError}
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { places, account } = await choosePlaces(options.dataDir);
  if (places.base.startsWith(TEMPORARY_ROOT)) await sweepTemporary();
  options.onProgress?.("Preparing PostgreSQL");
  const binaries = await prepareBinaries(account, places.copies);
  const member = new ClusterMember(places, account, binaries, options.log);
  await member.join(options.onProgress);
  return member;
}

interface Presence {
  readonly client: Client;
  readonly pid: number;
}

class ClusterMember implements Cluster {
  readonly #places: Places;
  readonly #account: Account;
  readonly #binaries: Binaries;
  readonly #log: Logger;
  #presence: Presence | undefined;
  #connection: ClusterConnection | undefined;
  #rejoining: Promise<void> | undefined;
  #closed = false;
  readonly #closing = new AbortController();

  constructor(places: Places, account: Account, binaries: Binaries, log: Logger) {
    this.#places = places;
    this.#account = account;
    this.#binaries = binaries;
    this.#log = log;
  }

  get connection(): ClusterConnection {
    if (this.#connection === undefined) throw new Error("The embedded database was never joined.");
    return this.#connection;
  }

  pid(): number {
    if (this.#presence === undefined) throw new EmbeddedPostgresError("The embedded database is being restarted.");
    return this.#presence.pid;
  }

  async join(onProgress?: (step: string) => void): Promise<void> {
    for (;;) {
      await initialize(this.#places, this.#account, this.#binaries);
      let server = await waitUntilReady(this.#places);
      if (server === undefined) {
        onProgress?.("Starting PostgreSQL");
        await prepareSocketFolder(this.#places.sockets, this.#account);
        server = await startPostmaster(this.#places, this.#account, this.#binaries);
      }
      this.#connection = {
        host: server.socketFolder,
        port: 5432,
        user: ROLE,
        password: (await readPassword(this.#places)).trim(),
        database: DATABASE,
      };
      const client = await enter(this.#connection);
      if (client !== undefined) {
        this.#watch({ client, pid: server.pid });
        return;
      }
      // The one that we found is on its way out: wait until it has gone, and start another.
      await delay(20);
    }
  }

  #watch(presence: Presence): void {
    this.#presence = presence;
    presence.client.on("error", () => undefined);
    presence.client.once("end", () => {
      if (this.#closed || this.#presence !== presence) return;
      this.#presence = undefined;
      this.#log.warn({ pid: presence.pid }, "The embedded PostgreSQL went away; starting it again");
      this.#rejoining = this.#rejoin();
    });
  }

  async #rejoin(): Promise<void> {
    for (let attempt = 0; !this.#closed; attempt++) {
      const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
      await delay(wait, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      if (this.#closed) return;
      try {
        await this.join();
        this.#log.info({ pid: this.#presence?.pid }, "The embedded PostgreSQL is back");
        return;
      } catch (error) {
        this.#log.error({ err: error }, "The embedded PostgreSQL can't be started again");
      }
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing.abort();
    await this.#rejoining;
    const presence = this.#presence;
    if (presence === undefined) return;
    const last = await isLast(presence.client);
    if (last) await stopPostmaster(presence.pid, this.#places);
    await presence.client.end().catch(() => undefined);
  }
}

async function readPassword(places: Places): Promise<string> {
  return readFile(places.password, "utf8").catch((cause: unknown) => {
    throw new EmbeddedPostgresError(
      `The database's password ${places.password} can't be read (${messageOf(cause)}). Start Playhead as the user that made it.`,
      { cause },
    );
  });
}

/** @returns undefined when the server is shutting down or has gone. */
async function enter(connection: ClusterConnection): Promise<Client | undefined> {
  const client = new Client({
    ...connection,
    application_name: "playhead presence",
    connectionTimeoutMillis: 10_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ entered: boolean }>(
      `SELECT pg_try_advisory_lock_shared(${PRESENCE}) AS entered`,
    );
    if (rows[0]?.entered === true) return client;
  } catch (error) {
    const code = errorCode(error);
    if (code === "28P01") {
      throw new EmbeddedPostgresError(
        "The embedded database refuses its own password: was its `password` file replaced?",
        {
          cause: error,
        },
      );
    }
    if (code !== undefined && !/^(57P0|08|ECONN|ENOENT|EPIPE)/.test(code)) throw error;
  }
  await client.end().catch(() => undefined);
  return undefined;
}

/**
 * Gives our shared lock back, and tries for the exclusive one. In this order: of two that leave together, both have given
 * theirs back before either asks, or one asks later than the other left; so at least one gets it. Nobody can enter after that.
 */
async function isLast(client: Client): Promise<boolean> {
  try {
    await client.query(`SELECT pg_advisory_unlock_shared(${PRESENCE})`);
    const { rows } = await client.query<{ last: boolean }>(`SELECT pg_try_advisory_lock(${PRESENCE}) AS last`);
    return rows[0]?.last === true;
  } catch {
    // The server has gone, or is being stopped by another.
    return false;
  }
}
