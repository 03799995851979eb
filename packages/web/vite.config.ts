import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Where Vite's own server sends what is not a page: a Playhead server on its default port. */
const server = "http://127.0.0.1:8484";
const proxied = ["/api", "/telemetry", "/healthz", "/readyz", "/sign-in"];

/** Writes `.br` and `.gz` beside each text asset, once at build time, so that the server needs not compress any. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    async writeBundle({ dir }) {
      const assets = path.join(dir ?? "dist", "assets");
      const texts = (await readdir(assets)).filter((name) => /\.(js|css|svg)$/.test(name));
      await Promise.all(
        texts.map(async (name) => {
          const file = path.join(assets, name);
          const bytes = await readFile(file);
          await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes));
          await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
        }),
      );
    },
  };
}

/** The pages are built to `dist/`; the server sends its `index.html` for every page path and `/assets/*` as immutable. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  plugins: [precompress()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Workspace packages are taken from their sources, so that a change in the SDK needs no build of its own.
  resolve: {
    conditions: ["source", "module", "browser", "development|production"],
    // The pages speak English; ECharts brings Chinese along, of which nothing is ever shown.
    alias: [{ find: /^\.\.\/i18n\/langZH\.js$/, replacement: "../i18n/langEN.js" }],
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    sourcemap: true,
    // Fonts stay files of their own: inlined, every page would carry them in its style sheet.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, changeOrigin: false }])),
  },
});
