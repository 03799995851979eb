import type { Logger } from "@playhead/store";
import type pg from "pg";
import { Pool, TypeOverrides, types } from "pg";
import { isLostRace, portError, sqlState } from "./failures.js";

/** Where to connect: a URL, or the embedded server's socket. */
export type ConnectionTarget =
  | { readonly connectionString: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

/** Two transactions at once keep one core of the database and its disk busy; more only wait for each other. */
const WRITERS = 2;
const READERS = 8;
const CONNECT_LIMIT_MS = 10_000;
/** No answer for this long is no answer: the network swallowed it, or the query is lost. */
const ANSWER_LIMIT_MS = 60_000;

/** bigint as a number: ours are times and counts, below 2^53. Marks are asked for as text. */
const parsers = new TypeOverrides();
parsers.setTypeParser(types.builtins.INT8, Number);

/** The connections. Reading and writing have pools of their own, so that a slow dashboard never keeps events waiting. */
export class Database {
  readonly #readers: pg.Pool;
  readonly #writers: pg.Pool;

  constructor(target: ConnectionTarget, log: Logger) {
    this.#readers = makePool(target, READERS, log);
    this.#writers = makePool(target, WRITERS, log);
  }

  /** Runs one statement. @throws {StoreUnavailableError} */
  async query<R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> {
    return (await this.#run<R>(text, values)).rows;
  }

  /** Runs one statement and tells how many rows it touched. @throws {StoreUnavailableError} */
  async execute(text: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.#run(text, values)).rowCount ?? 0;
  }

  async #run<R extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<pg.QueryResult<R>> {
    try {
      return await retryLostRaces(() => this.#readers.query<R>(text, [...values]));
    } catch (error) {
      throw portError(error);
    }
  }

  /** Lends a connection; one whose use failed is not used again. @throws {StoreUnavailableError} */
  async session<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      return await lend(this.#readers, use);
    } catch (error) {
      throw portError(error);
    }
  }

  /** The same from the writers' pool, with the driver's errors as they are. */
  writing<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return lend(this.#writers, use);
  }

  async close(): Promise<void> {
    await Promise.all([this.#writers.end(), this.#readers.end()]);
  }
}

function makePool(target: ConnectionTarget, max: number, log: Logger): pg.Pool {
  const pool = new Pool({
    ...target,
    max,
    types: parsers,
    application_name: "playhead",
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: ANSWER_LIMIT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  // Without listeners a lost connection ends the process: the pool listens to idle clients only.
  pool.on("error", (error) => {
    // The error carries its whole client. And an embedded server that we stop may be quicker than the goodbyes of its clients.
    if (!pool.ending) log.warn({ reason: error.message, code: sqlState(error) }, "A database connection was lost");
  });
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

async function lend<T>(pool: pg.Pool, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed = true;
  try {
    const result = await use(client);
    failed = false;
    return result;
  } finally {
    client.release(failed);
  }
}

const RACES = 5;

/** Runs what is safe to repeat again when the database chose it to lose a deadlock or a serialization race. */
export async function retryLostRaces<T>(run: () => Promise<T>): Promise<T> {
  for (let race = 1; ; race++) {
    try {
      return await run();
    } catch (error) {
      if (race >= RACES || !isLostRace(error)) throw error;
    }
  }
}
