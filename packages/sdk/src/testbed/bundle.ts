import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** The SDK, or another of its files, as one minified script that sets `window.Playhead`, made from source as a page's bundler would. */
export async function bundleSdk(entry = "index"): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    root: fileURLToPath(new URL("../..", import.meta.url)),
    build: {
      write: false,
      minify: true,
      target: "es2022",
      // The tag that marks a module namespace is no use to a page.
      rolldownOptions: { output: { generatedCode: { symbols: false } } },
      lib: {
        entry: fileURLToPath(new URL(`../${entry}.ts`, import.meta.url)),
        formats: ["iife"],
        name: "Playhead",
        fileName: "sdk",
      },
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (!bundle || !("output" in bundle)) throw new Error("vite made no bundle");
  return bundle.output[0].code;
}

/** hls.js as it is published. */
export function readHlsJs(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js"), "utf8");
}
