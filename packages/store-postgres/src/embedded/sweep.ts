import { readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "./failure.js";
import { placesUnder, TEMPORARY_ROOT } from "./places.js";
import { findPostmaster, stopPostmaster } from "./postmaster.js";

/**
 * Removes the databases of temporary data folders that are gone: whoever removed the folder could not know that its
 * database lay elsewhere. Never those of other folders: a disk that is not mounted is gone only for now.
 */
export async function sweepTemporary(root = TEMPORARY_ROOT): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const base = path.join(root, name);
    const origin = await readFile(path.join(base, "origin"), "utf8").catch(() => undefined);
    if (origin === undefined || !(await isGone(origin))) continue;
    const places = placesUnder(base, origin);
    const server = await findPostmaster(places).catch(() => undefined);
    if (server !== undefined) await stopPostmaster(server.pid, places).catch(() => undefined);
    await rm(base, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isGone(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => false,
    (error: unknown) => errorCode(error) === "ENOENT",
  );
}
