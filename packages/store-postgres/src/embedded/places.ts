import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, realpath, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Account, chooseAccount, closedFolder } from "./account.js";
import { EmbeddedPostgresError, errorCode, messageOf } from "./failure.js";

/** Where one embedded database keeps its things. */
export interface Places {
  /** Ours: holds the password, the log and `data`. Made whole by one rename, so that it is never half there. */
  readonly base: string;
  /** PostgreSQL's own data directory, the account's. */
  readonly data: string;
  readonly password: string;
  readonly log: string;
  /** Names the data folder that this database belongs to, for databases that lie elsewhere. */
  readonly origin: string;
  /** The data folder itself. */
  readonly dataDir: string;
  /** Folder of the Unix socket, the account's alone. */
  readonly sockets: string;
  /** For copies of the programs when the installed ones are out of the account's reach. */
  readonly copies: string;
}

/** Where the data of root's Playhead go when the data folder is closed to everyone else. */
const SHARED_ROOT = "/var/lib/playhead";
/** The same for data folders below the temporary one: these databases are swept when their data folder has gone. */
export const TEMPORARY_ROOT = path.join(SHARED_ROOT, "temporary");
/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, the final zero included. */
const LONGEST_SOCKET_PATH = 100;

export const SOCKET_NAME = ".s.PGSQL.5432";

/**
 * Chooses the places and who runs the database there. Data that exist already decide both, so that neither a changed
 * mode of a folder nor a start by another user makes a second, empty database beside the first.
 * @throws {EmbeddedPostgresError}
 */
export async function choosePlaces(dataDir: string): Promise<{ readonly places: Places; readonly account: Account }> {
  await makeDataDir(dataDir);
  const real = await realpath(dataDir);
  const inside = placesUnder(path.join(real, "postgres"), real);
  const shared = placesUnder(path.join((await isTemporary(real)) ? TEMPORARY_ROOT : SHARED_ROOT, hash(real)), real);

  const owner = await ownerOf(inside.data);
  const account = await chooseAccount(owner ?? (await ownerOf(shared.data)));
  if (owner !== undefined && owner !== account.uid) {
    throw new EmbeddedPostgresError(
      `The database in ${inside.data} belongs to uid ${owner}, and we can't run it as ${account.name}. ` +
        `Start Playhead as that user, or give it the files: chown -R ${account.uid} ${inside.data}`,
    );
  }
  const closed = await closedFolder(inside.base, account);
  if (owner !== undefined) {
    if (closed !== undefined) {
      throw new EmbeddedPostgresError(
        `The database in ${inside.data} can't be reached by its user ${account.name}: ${closed} is closed to it. ` +
          `Open the way (chmod o+x ${closed}), or move the data folder.`,
      );
    }
    return { places: inside, account };
  }
  if (closed === undefined && (await ownerOf(shared.data)) === undefined) return { places: inside, account };
  await leaveNote(real, shared.base, closed);
  return { places: shared, account };
}

export function placesUnder(base: string, realDataDir: string): Places {
  const run = path.join(base, "run");
  const fits = Buffer.byteLength(path.join(run, SOCKET_NAME)) < LONGEST_SOCKET_PATH;
  return {
    base,
    data: path.join(base, "data"),
    password: path.join(base, "password"),
    log: path.join(base, "postgres.log"),
    origin: path.join(base, "origin"),
    dataDir: realDataDir,
    // Not the system's temporary folder by its variable: two servers with different ones must meet here.
    sockets: fits ? run : path.join("/tmp", `playhead-${hash(realDataDir)}`),
    copies: SHARED_ROOT,
  };
}

async function isTemporary(folder: string): Promise<boolean> {
  const roots = await Promise.all([os.tmpdir(), "/tmp"].map((root) => realpath(root).catch(() => root)));
  return roots.some((root) => folder.startsWith(`${root}${path.sep}`));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

async function ownerOf(folder: string): Promise<number | undefined> {
  return (await stat(folder).catch(() => undefined))?.uid;
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The data folder ${dataDir} can't be made (${messageOf(cause)}). Make it writable, or set PLAYHEAD_DATA_DIR to another.`,
      { cause },
    );
  }
}

async function leaveNote(dataDir: string, base: string, closed: string | undefined): Promise<void> {
  const why = closed === undefined ? "it was made there" : `${closed} is closed to the user that runs it`;
  const note = `Playhead's database does not lie here but in\n${base}\nbecause ${why}.\n`;
  await writeFile(path.join(dataDir, "postgres-is-elsewhere.txt"), note).catch(() => undefined);
}

/** Makes the socket's folder, and refuses one that another user could have prepared for us. */
export async function prepareSocketFolder(sockets: string, account: Account): Promise<void> {
  try {
    await mkdir(sockets, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") {
      throw new EmbeddedPostgresError(`The socket's folder ${sockets} can't be made (${messageOf(error)}).`, {
        cause: error,
      });
    }
  }
  const stats = await lstat(sockets);
  const ours = stats.uid === account.uid || stats.uid === process.getuid?.();
  if (!stats.isDirectory() || !ours) {
    throw new EmbeddedPostgresError(`${sockets} belongs to someone else. Remove it, and start Playhead again.`);
  }
  await chmod(sockets, 0o700);
  if (account.switched) await chown(sockets, account.uid, account.gid);
}
