import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Writes `.br` and `.gz` beside each script, for the server that sends them (`/sdk/…`). */
export function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      for (const name of await readdir(dir)) {
        if (!name.endsWith(".js")) continue;
        const bytes = await readFile(path.join(dir, name));
        await writeFile(path.join(dir, `${name}.br`), brotliCompressSync(bytes));
        await writeFile(path.join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
