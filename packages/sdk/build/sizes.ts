import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";
import { entries, packageFolder } from "./entries.js";

export interface Size {
  /** `index`, `hlsjs`, …; `playhead.js` is the script that holds all of it, `telemetry-plugin.js` seed 003's. */
  readonly name: string;
  readonly minified: number;
  /** `gzip -9`. */
  readonly gzip: number;
  readonly brotli: number;
}

const scripts = {
  "playhead.js": path.join(packageFolder, "src/index.ts"),
  "telemetry-plugin.js": path.join(packageFolder, "src/telemetry-plugin-script.ts"),
};

/** What each entry point costs a page that takes nothing else, bytes; each bundled and minified by itself. */
export async function sizes(): Promise<Size[]> {
  const found: Size[] = [];
  for (const [name, source] of Object.entries({ ...scripts, ...entries() })) {
    const code = await bundle(source);
    found.push({
      name,
      minified: code.length,
      gzip: gzipSync(code, { level: 9 }).length,
      brotli: brotliCompressSync(code).length,
    });
  }
  return found;
}

/** One source file as one minified script, with nothing written. */
async function bundle(entry: string): Promise<Buffer> {
  const result = await build({
    configFile: path.join(packageFolder, "vite.config.ts"),
    mode: "iife",
    logLevel: "error",
    build: { write: false, sourcemap: false, lib: { entry } },
  });
  const [made] = Array.isArray(result) ? result : [result];
  if (!made || !("output" in made)) throw new Error("Vite made no bundle");
  return Buffer.from(made.output[0].code);
}

/** As lines of a table. */
export function sizeTable(rows: readonly Size[]): string {
  const line = (name: string, ...cells: readonly (string | number)[]) =>
    `  ${name.padEnd(20)}${cells.map((cell) => String(cell).padStart(10)).join("")}`;
  return [
    line("bytes", "minified", "gzip -9", "brotli"),
    ...rows.map(({ name, minified, gzip, brotli }) => line(name, minified, gzip, brotli)),
  ].join("\n");
}
