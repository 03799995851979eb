import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Account } from "./account.js";
import type { Binaries } from "./binaries.js";
import { EmbeddedPostgresError, errorCode, messageOf } from "./failure.js";
import type { Places } from "./places.js";

/** The role that owns everything; there is no other. */
export const ROLE = "playhead";
export const DATABASE = "postgres";

/**
 * Makes the database's folder when there is none. It is made beside its place and renamed into it, so that a crash leaves
 * no half of one, and of two servers that start together one wins and both use its.
 */
export async function initialize(places: Places, account: Account, binaries: Binaries): Promise<void> {
  const version = await readFile(path.join(places.data, "PG_VERSION"), "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return undefined;
    throw new EmbeddedPostgresError(`The database in ${places.data} can't be read (${messageOf(error)}).`, {
      cause: error,
    });
  });
  if (version === undefined) return create(places, account, binaries);
  if (Number.parseInt(version, 10) !== binaries.major) {
    throw new EmbeddedPostgresError(
      `The database in ${places.data} was made by PostgreSQL ${version.trim()}, and this Playhead brings ${binaries.major}. ` +
        "Dump it with the Playhead that made it and restore it here, or set DATABASE_URL to a server of that version.",
    );
  }
}

async function create(places: Places, account: Account, binaries: Binaries): Promise<void> {
  const half = `${places.base}.new-${process.pid}-${randomUUID().slice(0, 8)}`;
  try {
    await removeHalves(places.base);
    await mkdir(half, { recursive: true });
    // The account passes through to `data`; only we look in.
    await chmod(half, 0o711);
    const data = path.join(half, "data");
    await mkdir(data);
    await chmod(data, 0o700);
    if (account.switched) await chown(data, account.uid, account.gid);
    const password = randomBytes(24).toString("base64url");
    await writeFile(path.join(half, "password"), password, { mode: 0o600, flush: true });
    await writeFile(path.join(half, "origin"), places.dataDir);
    await runInitdb(half, password, account, binaries);
    await rename(half, places.base);
  } catch (error) {
    // Another server was faster; its database is the one.
    if (["ENOTEMPTY", "EEXIST"].includes(errorCode(error) ?? "")) return;
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `The database can't be made in ${places.base} (${messageOf(error)}). ` +
        "Make the data folder writable, set PLAYHEAD_DATA_DIR to another, or set DATABASE_URL.",
      { cause: error },
    );
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

/** What a start left that was killed while it made the database. */
async function removeHalves(base: string): Promise<void> {
  const parent = path.dirname(base);
  const prefix = `${path.basename(base)}.new-`;
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isAlive(pid)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** Sorting by code point and UTF-8 on every machine, whatever locales it has; checksums are on by default since 18. */
const initdbArguments = [
  `--username=${ROLE}`,
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--locale=C",
  "--no-instructions",
];

async function runInitdb(base: string, password: string, account: Account, binaries: Binaries): Promise<void> {
  // A copy that the account can read, for as long as initdb runs.
  const pwfile = path.join(base, "pwfile");
  await writeFile(pwfile, password, { mode: 0o600 });
  if (account.switched) await chown(pwfile, account.uid, account.gid);
  const args = [...initdbArguments, `--pgdata=${path.join(base, "data")}`, `--pwfile=${pwfile}`];
  await runToEnd(args, base, account, binaries);
  await rm(pwfile);
}

function runToEnd(args: readonly string[], base: string, account: Account, binaries: Binaries): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.initdb, args, {
      cwd: "/",
      env: { LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "pipe"],
      ...(account.switched ? { uid: account.uid, gid: account.gid } : {}),
    });
    let said = "";
    const keep = (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-2_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const fail = (why: string, cause?: unknown) =>
      reject(
        new EmbeddedPostgresError(
          `PostgreSQL could not make a database in ${base} as ${account.name}: ${why}. ` +
            "Check that the disk has space and that the folder is on a local file system, or set DATABASE_URL.",
          { cause },
        ),
      );
    child.on("error", (error) => fail(error.message, error));
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else fail(reasonIn(said) || `initdb ended with ${signal ?? code}`);
    });
  });
}

/** The lines that tell what went wrong, among those that tell what went well. */
function reasonIn(said: string): string {
  const lines = said.split("\n").filter((line) => /error|FATAL|PANIC|HINT|failed/.test(line));
  return lines.join(" ").trim() || said.trim();
}
