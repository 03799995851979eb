import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Account } from "./account.js";
import type { Binaries } from "./binaries.js";
import { EmbeddedPostgresError, errorCode, messageOf } from "./failure.js";
import type { Places } from "./places.js";

/** What `postmaster.pid` says. https://www.postgresql.org/docs/18/storage-file-layout.html */
export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
  readonly ready: boolean;
}

export function parsePidFile(text: string): Postmaster | undefined {
  // Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, status.
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, socketFolder: lines[4] ?? "", ready: lines[7] === "ready" };
}

const pidFile = (places: Places) => path.join(places.data, "postmaster.pid");

/** @returns the server that runs on these data; undefined when none does, a stale pid file included. */
export async function findPostmaster(places: Places): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(places), "utf8").catch(() => "");
  const found = parsePidFile(text);
  return found !== undefined && (await isPostmaster(found.pid, places)) ? found : undefined;
}

/** Whether that process lives and is the server of these data, and not a stranger that was given a dead server's number. */
async function isPostmaster(pid: number, places: Places): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    // EPERM too: a process that we may not signal is not the one that we run.
    return false;
  }
  if (process.platform !== "linux") return true;
  // The server works in its data folder. An ended process that nobody reaped has none.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return folder === (await realpath(places.data));
}

/** Durable, and modest: a laptop should not feel it. Given at each start, so that an update of Playhead may change them. */
const settings = {
  listen_addresses: "",
  port: "5432",
  unix_socket_permissions: "0700",
  password_encryption: "scram-sha-256",
  max_connections: "50",
  shared_buffers: "256MB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  effective_cache_size: "1GB",
  // Solid state disks are the rule; a seek is hardly dearer than a scan there.
  random_page_cost: "1.1",
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  // Nobody replicates an embedded database.
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  // Dashboards' queries are short; compiling them costs more than it saves.
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] ",
  log_checkpoints: "off",
  // Our own bad values and lost races are the callers' to report.
  log_min_messages: "log",
  log_min_error_statement: "panic",
} as const;

/** Past this size the log is set aside at the next start; one old log is kept. */
const LOG_LIMIT = 10 * 1024 * 1024;
const START_LIMIT_MS = 60_000;
/** After a SIGKILL the old server's children need a moment to notice. */
const ORPHANS_LIMIT_MS = 10_000;
const POLL_MS = 5;

/**
 * Starts the server and waits until it takes connections; crash recovery is part of it. Finds another's when that was faster.
 * @throws {EmbeddedPostgresError} with the last lines of the log.
 */
export async function startPostmaster(places: Places, account: Account, binaries: Binaries): Promise<Postmaster> {
  const giveUpOnOrphans = Date.now() + ORPHANS_LIMIT_MS;
  for (;;) {
    const outcome = await startOnce(places, account, binaries);
    if (typeof outcome !== "string") return outcome;
    const other = await waitUntilReady(places);
    if (other !== undefined) return other;
    if (/lock file "postmaster.pid" already exists/.test(outcome) && process.platform === "linux") {
      // Its process is no server of these data: findPostmaster looked. Such a file comes from a restarted container.
      await rm(pidFile(places), { force: true });
    } else if (!/still in use/.test(outcome)) {
      throw new EmbeddedPostgresError(`PostgreSQL did not start on ${places.data}: ${outcome} (log: ${places.log})`);
    }
    if (Date.now() > giveUpOnOrphans) {
      throw new EmbeddedPostgresError(
        `PostgreSQL did not start on ${places.data}: processes of an earlier one still use it. End them and start again. ${outcome}`,
      );
    }
    await delay(100);
  }
}

/** @returns what the log says, when the server ended instead of getting ready. */
async function startOnce(places: Places, account: Account, binaries: Binaries): Promise<Postmaster | string> {
  if (((await stat(places.log).catch(() => undefined))?.size ?? 0) > LOG_LIMIT) {
    await rename(places.log, `${places.log}.1`).catch(() => undefined);
  }
  const log = await open(places.log, "a", 0o600).catch((cause: unknown) => {
    throw new EmbeddedPostgresError(`PostgreSQL's log ${places.log} can't be written (${messageOf(cause)}).`, {
      cause,
    });
  });
  try {
    const from = (await log.stat()).size;
    const child = spawn(binaries.postgres, serverArguments(places), {
      cwd: "/",
      env: { LC_ALL: "C", TZ: "UTC" },
      // A session of its own: the Ctrl-C that stops Playhead must not stop the database before the last events are stored.
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      ...(account.switched ? { uid: account.uid, gid: account.gid } : {}),
    });
    child.unref();
    const ended = endOf(child);
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
      const over = await Promise.race([ended, delay(POLL_MS)]);
      if (over !== undefined) return lastWords(places.log, from, over);
      const found = parsePidFile(await readFile(pidFile(places), "utf8").catch(() => ""));
      if (found?.pid === child.pid && found?.ready === true) return found;
    }
    child.kill("SIGINT");
    return `it was not ready within ${START_LIMIT_MS / 1000} s; recovery after a crash may take longer: start again`;
  } finally {
    await log.close();
  }
}

function serverArguments(places: Places): string[] {
  const all = Object.entries({ ...settings, unix_socket_directories: places.sockets });
  return ["-D", places.data, ...all.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
  });
}

async function lastWords(log: string, from: number, otherwise: string): Promise<string> {
  const text = (await readFile(log).catch(() => Buffer.alloc(0))).subarray(from).toString("utf8");
  const words = text
    .split("\n")
    .filter((line) => /\b(FATAL|PANIC|HINT|DETAIL):|error while loading/.test(line))
    .map((line) => line.replace(/^.*?\b(FATAL|PANIC|HINT|DETAIL):\s+/, ""));
  return words.slice(-4).join(" ") || otherwise;
}

/** @returns the running server once it is ready; undefined when there is none, or none any more. */
export async function waitUntilReady(places: Places): Promise<Postmaster | undefined> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const found = await findPostmaster(places);
    if (found === undefined || found.ready) return found;
    await delay(POLL_MS);
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL on ${places.data} runs but does not get ready; see ${places.log}. Wait and start again.`,
  );
}

const STOP_LIMIT_MS = 30_000;

/** "Fast" shutdown: clients are cut, what is committed is written out. Resolves when the process has gone. */
export async function stopPostmaster(pid: number, places: Places): Promise<void> {
  try {
    process.kill(pid, "SIGINT");
  } catch (error) {
    if (errorCode(error) === "ESRCH") return;
    throw error;
  }
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (await isPostmaster(pid, places)) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `PostgreSQL (pid ${pid}) did not stop within ${STOP_LIMIT_MS / 1000} s; see ${places.log}.`,
      );
    }
    await delay(POLL_MS);
  }
}
