import { defineConfig } from "vite";

/** Where Vite's own server sends what is not a page: a Playhead server on its default port. */
const server = "http://127.0.0.1:8484";
const proxied = ["/api", "/telemetry", "/healthz", "/readyz", "/sign-in"];

/** The pages are built to `dist/`; the server sends its `index.html` for every page path and `/assets/*` as immutable. */
export default defineConfig({
  root: import.meta.dirname,
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Workspace packages are taken from their sources, so that a change in the SDK needs no build of its own.
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
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
