import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "./step.mjs";

/** Stamps lie beside the packages they speak of: `rm -rf node_modules` forgets them too. */
const folder = path.join(root, "node_modules", ".playhead");

/** Whether `name` was last finished with these same inputs. */
export async function isFresh(name, fingerprint) {
  const kept = await readFile(path.join(folder, name), "utf8").catch(() => "");
  return kept === fingerprint;
}

/** Remembers that `name` was finished with these inputs. */
export async function keep(name, fingerprint) {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, name), fingerprint);
}

/** Hash of a file's bytes. */
export async function hashFile(file) {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

/** Hash over names, sizes and times of all files below the given places; `skip` says which names don't count. */
export async function hashTree(places, skip) {
  const hash = createHash("sha256");
  const visit = async (place) => {
    const info = await stat(place).catch(() => undefined);
    if (!info) return;
    if (!info.isDirectory()) {
      hash.update(`${path.relative(root, place)}\0${info.size}\0${info.mtimeMs}\n`);
      return;
    }
    for (const name of (await readdir(place)).toSorted()) {
      if (!skip(name)) await visit(path.join(place, name));
    }
  };
  for (const place of places) await visit(path.join(root, place));
  return hash.digest("hex");
}
