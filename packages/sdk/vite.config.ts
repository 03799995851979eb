import path from "node:path";
import { defineConfig } from "vite";
import { declarations } from "./build/declarations.js";
import { entries, packageFolder } from "./build/entries.js";
import { precompress } from "./build/precompress.js";

/** Scripts for pages without modules, by the `--mode` that builds them. */
const scripts: Readonly<Record<string, { readonly file: string; readonly source: string }>> = {
  /** All of it; sets `window.Playhead`. */
  iife: { file: "playhead.js", source: "src/index.ts" },
  /** Seed 003's; sets `window.TelemetryPlugin`. */
  plugin: { file: "telemetry-plugin.js", source: "src/telemetry-plugin-script.ts" },
};

/** The builds into `dist/`. Plain: an ES module for each entry point, what they share beside them, and types; then each script. */
export default defineConfig(({ mode }) => {
  const script = scripts[mode];
  return {
    root: packageFolder,
    publicDir: false,
    plugins: script ? [precompress()] : [declarations(), precompress()],
    build: {
      outDir: "dist",
      emptyOutDir: !script,
      target: "es2022",
      sourcemap: true,
      minify: true,
      rolldownOptions: {
        output: {
          // The tag that marks a module namespace is no use to a page.
          generatedCode: { symbols: false },
          chunkFileNames: "shared-[hash].js",
        },
      },
      lib: script
        ? {
            entry: path.join(packageFolder, script.source),
            formats: ["iife"],
            name: "Playhead",
            fileName: () => script.file,
          }
        : { entry: entries(), formats: ["es"], fileName: (_format, name) => `${name}.js` },
    },
  };
});
