import * as protocol from "@playhead/protocol";
import type { RouteOptions } from "fastify";
import { errorTable } from "./errors.js";
import type { App, Door } from "./http.js";
import { type RouteSummary, routeSummaries } from "./openapi-summaries.js";

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** One registered route, and what is said of it. */
interface Operation {
  readonly method: string;
  readonly url: string;
  readonly schema: Json;
  readonly door: Door;
}

/** Schemas that replies share, by the name under which `protocol` exports them. */
const exported: Json = protocol;
const named = new Map<unknown, string>(
  Object.entries(exported)
    .filter(([, value]) => isRecord(value) && value.type === "object")
    .map(([name, schema]) => [schema, name]),
);

/**
 * `GET /openapi.json`: every route that is registered after this call, in OpenAPI 3.1, made from the schemas that check
 * requests and write replies. JSON Schema 2020-12 is 3.1's own schema language, so they stand in it as they are.
 */
export function registerOpenApi(app: App): void {
  const operations: Operation[] = [];
  app.addHook("onRoute", (route) => {
    operations.push(...operationsOf(route));
  });
  let written: string | undefined;
  app.get("/openapi.json", { config: { door: "open" } }, async (_request, reply) => {
    written ??= JSON.stringify(openApiDocument(operations));
    return reply.type("application/json; charset=utf-8").header("cache-control", "no-cache").send(written);
  });
}

function operationsOf({ method, url, schema, config }: RouteOptions): readonly Operation[] {
  const methods = (Array.isArray(method) ? method : [method]).map((name) => name.toLowerCase());
  return (
    methods
      // Fastify answers HEAD wherever it answers GET.
      .filter((name) => name !== "head")
      .map((name) => ({ method: name, url, schema: isRecord(schema) ? schema : {}, door: config?.door ?? "user" }))
  );
}

/** `/media/:id/*` → `/media/{id}/{path}`. */
export const openApiPath = (url: string): string =>
  url.replaceAll(/:([A-Za-z]+)(\([^)]*\))?/g, "{$1}").replace(/\*$/, "{path}");

function openApiDocument(operations: readonly Operation[]): Json {
  const schemas = new Map<string, unknown>();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = openApiPath(operation.url);
    paths[path] = { ...paths[path], [operation.method]: describe(operation, path, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Playhead",
      version: "1",
      description:
        "Streaming, telemetry and analytics. Times are Unix milliseconds; `docs/telemetry.md` defines each metric.",
    },
    paths,
    components: {
      schemas: Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "a user's or the administrator's token" },
        cookie: { type: "apiKey", in: "cookie", name: "playhead", description: "set by signing in" },
        ingestKey: {
          type: "apiKey",
          in: "query",
          name: "key",
          description: "PLAYHEAD_INGEST_KEY, or as a bearer token",
        },
        link: { type: "apiKey", in: "query", name: "sig", description: "a signed playback link" },
      },
    },
  };
}

const signedIn = [{ token: [] }, { cookie: [] }];
const security: Readonly<Record<Door, readonly Json[]>> = {
  open: [],
  user: signedIn,
  admin: signedIn,
  ingest: [...signedIn, { ingestKey: [] }],
  playback: [...signedIn, { link: [] }],
};

function describe({ method, url, schema, door }: Operation, path: string, schemas: Map<string, unknown>): Json {
  const about: RouteSummary | undefined = routeSummaries[`${method.toUpperCase()} ${url}`];
  const { body, response } = schema;
  const consumes = about?.takes ?? (body === undefined ? undefined : "application/json");
  return {
    summary: about?.summary ?? path,
    tags: [tagOf(path)],
    ...(door === "admin" ? { description: "For the administrator." } : {}),
    security: security[door],
    parameters: [...pathParameters(path, schema.params, schemas), ...queryParameters(schema.querystring, schemas)],
    ...(consumes === undefined
      ? {}
      : {
          requestBody: { required: true, content: content(consumes, body === undefined ? {} : refer(body, schemas)) },
        }),
    responses: responsesOf(isRecord(response) ? response : {}, about, schemas),
  };
}

const tagOf = (path: string): string => /^\/api\/v1\/([a-z-]+)/.exec(path)?.[1] ?? "service";

function pathParameters(path: string, params: unknown, schemas: Map<string, unknown>): readonly Json[] {
  const properties = isRecord(params) && isRecord(params.properties) ? params.properties : {};
  return [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name = ""]) => {
    const schema = properties[name];
    return {
      name,
      in: "path",
      required: true,
      schema: schema === undefined ? { type: "string" } : refer(schema, schemas),
    };
  });
}

function queryParameters(query: unknown, schemas: Map<string, unknown>): readonly Json[] {
  if (!isRecord(query) || !isRecord(query.properties)) return [];
  const required: readonly unknown[] = Array.isArray(query.required) ? query.required : [];
  return Object.entries(query.properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(isRecord(schema) && typeof schema.description === "string" ? { description: schema.description } : {}),
    schema: refer(schema, schemas),
  }));
}

function responsesOf(response: Json, about: RouteSummary | undefined, schemas: Map<string, unknown>): Json {
  // What is no JSON is told by its media type, and not by a schema.
  const told = Object.entries(response).filter(([status]) => about?.gives === undefined || !status.startsWith("2"));
  const replies: Json = Object.fromEntries(
    told.map(([status, schema]) => [
      status.toUpperCase(),
      { description: statusText(status), content: content("application/json", refer(schema, schemas)) },
    ]),
  );
  const success = Object.keys(replies).some((status) => status.startsWith("2"));
  const failure = {
    description: "an error",
    content: content("application/json", refer(protocol.ErrorReply, schemas)),
  };
  return {
    ...(success ? {} : { [about?.status ?? "200"]: { description: "done", ...gives(about) } }),
    "4XX": failure,
    "5XX": failure,
    ...replies,
  };
}

const gives = (about: RouteSummary | undefined): Json =>
  about?.gives === undefined ? {} : { content: content(about.gives, {}) };
const content = (types: string, schema: unknown): Json =>
  Object.fromEntries(types.split(" ").map((type) => [type, { schema }]));

function statusText(status: string): string {
  if (/^[45]xx$/i.test(status)) return "an error";
  const code = Object.entries(errorTable).find(([, [number]]) => String(number) === status);
  return code === undefined ? "done" : code[1][1];
}

/** The schema with those inside it that have a name replaced by references, which are written down once. */
function refer(schema: unknown, schemas: Map<string, unknown>): unknown {
  const name = named.get(schema);
  if (name === undefined) return plain(schema, schemas);
  if (!schemas.has(name)) {
    schemas.set(name, {});
    schemas.set(name, plain(schema, schemas));
  }
  return { $ref: `#/components/schemas/${name}` };
}

/** Without what is the type builder's own. */
function plain(value: unknown, schemas: Map<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => refer(item, schemas));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("~"));
  return Object.fromEntries(entries.map(([key, inner]) => [key, refer(inner, schemas)]));
}
