import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { EmbeddedPostgresError } from "./failure.js";

/** Whom the database runs as. PostgreSQL refuses to run as root, and looks its user up in passwd. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** True when we are root and the database must be handed to another user. */
  readonly switched: boolean;
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export function parsePasswd(text: string): readonly PasswdEntry[] {
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    if (name === undefined || uid === undefined || gid === undefined) return [];
    if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}

/**
 * @param ownerUid owner of the data when there are some already: they decide.
 * @throws {EmbeddedPostgresError} when we are root and passwd has no one else.
 */
export async function chooseAccount(ownerUid: number | undefined): Promise<Account> {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    throw new EmbeddedPostgresError(
      "The embedded PostgreSQL needs Linux or macOS. Set DATABASE_URL to a PostgreSQL 15 or newer.",
    );
  }
  if (uid !== 0) return { name: `uid ${uid}`, uid, gid, switched: false };
  const entries = parsePasswd(await readFile("/etc/passwd", "utf8").catch(() => ""));
  const unprivileged = entries.filter((entry) => entry.uid !== 0);
  const entry =
    (ownerUid === undefined ? undefined : unprivileged.find((e) => e.uid === ownerUid)) ??
    unprivileged.find((e) => e.name === "postgres") ??
    unprivileged.find((e) => e.name === "nobody") ??
    unprivileged[0];
  if (entry === undefined) {
    throw new EmbeddedPostgresError(
      "We are root, PostgreSQL refuses to run as root, and /etc/passwd names no other user. " +
        "Add one (useradd --system postgres), start Playhead as an ordinary user, or set DATABASE_URL.",
    );
  }
  return { ...entry, switched: true };
}

/** What the mode bits grant; access lists are beyond it, and only make it stricter than need be. */
function granted(stats: Stats, account: Account, bits: number): boolean {
  const shift = stats.uid === account.uid ? 6 : stats.gid === account.gid ? 3 : 0;
  return ((stats.mode >> shift) & bits) === bits;
}

const SEARCH = 1;
const READ = 4;

/** @returns the first folder on the way to `target` (the last included) that the account can't pass; undefined when all is open. */
export async function closedFolder(target: string, account: Account): Promise<string | undefined> {
  if (!account.switched) return undefined;
  const absolute = path.resolve(target);
  const { root } = path.parse(absolute);
  let folder = root;
  for (const part of ["", ...absolute.slice(root.length).split(path.sep).filter(Boolean)]) {
    folder = path.join(folder, part);
    const stats = await stat(folder).catch(() => undefined);
    // What does not exist yet will be made by us, open.
    if (stats === undefined) return undefined;
    if (stats.isDirectory() && !granted(stats, account, SEARCH)) return folder;
  }
  return undefined;
}

/** Whether the account can read the file (and run it, when asked), its folders included. */
export async function canRead(
  file: string,
  account: Account,
  options: { readonly run?: boolean } = {},
): Promise<boolean> {
  if (!account.switched) return true;
  if ((await closedFolder(path.dirname(file), account)) !== undefined) return false;
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && granted(stats, account, options.run === true ? READ | SEARCH : READ);
}
