import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { fastify } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { App } from "./http.js";
import { registerSdk } from "./sdk.js";

let scratch: string;
let app: App;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), "playhead-sdk-route-"));
  const [sdkDir, examplesDir] = [path.join(scratch, "sdk"), path.join(scratch, "examples")];
  await mkdir(path.join(sdkDir, "types"), { recursive: true });
  await mkdir(examplesDir);
  await writeFile(path.join(sdkDir, "playhead.js"), "var Playhead;");
  await writeFile(path.join(sdkDir, "playhead.js.br"), "compressed");
  await writeFile(path.join(sdkDir, "types", "index.d.ts"), "export {};");
  await writeFile(path.join(examplesDir, "index.html"), "<h1>Examples</h1>");
  await writeFile(path.join(scratch, "outside.js"), "secret");
  app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  await registerSdk(app, { sdkDir, examplesDir });
});
afterAll(async () => {
  await app.close();
  await rm(scratch, { recursive: true, force: true });
});

it("gives the SDK to pages of any site, compressed where they take it, to be kept for an hour", async () => {
  const plain = await app.inject("/sdk/playhead.js");
  expect([plain.statusCode, plain.body]).toEqual([200, "var Playhead;"]);
  expect(plain.headers).toMatchObject({
    "content-type": "application/javascript; charset=utf-8",
    "cache-control": "public, max-age=3600, stale-while-revalidate=86400",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    vary: "accept-encoding",
  });
  const packed = await app.inject({ url: "/sdk/playhead.js", headers: { "accept-encoding": "gzip, br" } });
  expect([packed.headers["content-encoding"], packed.body]).toEqual(["br", "compressed"]);
  expect(packed.headers["content-type"]).toBe("application/javascript; charset=utf-8");
  const again = await app.inject({ url: "/sdk/playhead.js", headers: { "if-none-match": String(plain.headers.etag) } });
  expect(again.statusCode).toBe(304);
});

it.each(["/sdk/", "/sdk/types/index.d.ts", "/sdk/../outside.js", "/sdk/%2e%2e/outside.js", "/sdk/none.js"])(
  "has nothing at %s",
  async (url) => {
    expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400);
  },
);

it("shows the examples, which are asked for anew each time", async () => {
  const page = await app.inject("/examples/");
  expect([page.statusCode, page.headers["cache-control"]]).toEqual([200, "no-cache"]);
  expect((await app.inject("/examples")).headers.location).toBe("/examples/");
});
