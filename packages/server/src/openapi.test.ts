import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp, type Stages } from "./app.js";
import type { App } from "./http.js";
import { openApiPath } from "./openapi.js";
import { routeSummaries } from "./openapi-summaries.js";

/** Whatever a route file asks of its stage while it registers: itself again, and nothing happens. */
const nothing: unknown = new Proxy(() => nothing, {
  get: (_, name) => (name === "then" || name === Symbol.toPrimitive ? undefined : nothing),
});

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

let folder: string;
let app: App;
let document: OpenApi;
/** `GET /healthz`, as Fastify has registered them. */
const routes: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "playhead-openapi-"));
  await mkdir(path.join(folder, "assets"));
  await writeFile(path.join(folder, "index.html"), "<!doctype html>");
  const stages = new Proxy({} as Stages, {
    get: (_, name) => {
      if (name === "log") return pino({ level: "silent" });
      if (name === "auth")
        return new Proxy({}, { get: (_auth, field) => (field === "cookieSecret" ? "secret" : nothing) });
      if (name === "webDir" || name === "sdkDir" || name === "examplesDir") return folder;
      return nothing;
    },
  });
  app = await createApp(stages, {
    onRoute: ({ method, url }) => {
      routes.push(...[method].flat().map((name) => `${name} ${url}`));
    },
  });
  document = (await app.inject("/openapi.json")).json<OpenApi>();
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

test("every registered route is described, and nothing that is none", () => {
  const told = Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${url}`),
  );
  const registered = routes.filter((route) => !route.startsWith("HEAD ")).map(openApiPath);
  expect(registered.length).toBeGreaterThan(30);
  expect(told.toSorted()).toEqual([...new Set(registered)].toSorted());
});

test("every route has its sentence, and every sentence its route", () => {
  const wanted = [...new Set(routes.filter((route) => !route.startsWith("HEAD ")))];
  expect(Object.keys(routeSummaries).toSorted()).toEqual(wanted.toSorted());
});

test("references lead to schemas that are there", () => {
  const text = JSON.stringify(document);
  const names = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = ""]) => name);
  expect(names).toContain("ViewRow");
  expect(names.filter((name) => !(name in document.components.schemas))).toEqual([]);
  expect(text).not.toContain('"~');
});

test("a route's parameters, body and replies are those of its schemas", () => {
  expect(document.paths["/api/v1/analytics/views/{id}"]?.get).toMatchObject({
    tags: ["analytics"],
    parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", maxLength: 128 } }],
    responses: {
      200: { content: { "application/json": { schema: { $ref: "#/components/schemas/ViewReply" } } } },
      "4XX": { content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorReply" } } } },
    },
  });
  expect(document.paths["/api/v1/analytics/overview"]?.get).toMatchObject({
    parameters: expect.arrayContaining([expect.objectContaining({ name: "filter", in: "query", required: false })]),
  });
});
