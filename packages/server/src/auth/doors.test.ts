import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { User, UserStore } from "@playhead/store";
import { fastify } from "fastify";
import { afterEach, beforeEach, expect, it } from "vitest";
import { replyWithError } from "../error-reply.js";
import type { App } from "../http.js";
import { type Auth, createAuth } from "./auth.js";
import { registerDoors } from "./doors.js";
import { authRoutes } from "./routes.js";

const secrets = { adminToken: "admin-token-1234", ingestKey: "ingest-key-1234", cookieSecret: "cookie-secret" };

/** The port, in memory: which engine keeps the users is no matter here. */
function usersInMemory(): UserStore {
  const kept = new Map<string, User & { sha: string }>();
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  const find = (match: (user: User & { sha: string }) => boolean) => [...kept.values()].find(match);
  return {
    async put({ name, admin, tokenSha256 }) {
      const id = find((user) => user.name === name)?.id ?? `user-${kept.size}`;
      kept.set(id, { id, name, admin, sha: hex(tokenSha256) });
      return { id, name, admin };
    },
    byTokenSha256: async (sha) => find((user) => user.sha === hex(sha)),
    byId: async (id) => kept.get(id),
    all: async () => [...kept.values()],
  };
}

let app: App;
let auth: Auth;
beforeEach(async () => {
  auth = await createAuth(usersInMemory(), secrets);
  app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(replyWithError);
  await registerDoors(app, auth);
  authRoutes(app, auth);
  app.get("/default", async (request) => ({ user: request.user?.name }));
  app.post("/default", async () => ({ done: true }));
  app.get("/open", { config: { door: "open" } }, async () => ({ open: true }));
  app.post("/ingest", { config: { door: "ingest" } }, async (request) => ({ user: request.user?.name ?? null }));
});
afterEach(() => app.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function signedInCookie(): Promise<string> {
  const reply = await app.inject({ url: `/sign-in?token=${secrets.adminToken}` });
  return String(reply.headers["set-cookie"]).split(";")[0] ?? "";
}

it("closes a route that says nothing about its door", async () => {
  const reply = await app.inject({ url: "/default" });
  expect(reply.statusCode).toBe(401);
  expect(reply.json()).toMatchObject({ error: { code: "unauthorized" } });
});

it("lets the bearer of the admin token in, and nobody with another token", async () => {
  expect((await app.inject({ url: "/default", headers: bearer(secrets.adminToken) })).json()).toEqual({
    user: "admin",
  });
  expect((await app.inject({ url: "/default", headers: bearer("admin-token-1235") })).statusCode).toBe(401);
});

it("signs the opener of the printed link in, with a cookie that scripts can't read, and hides the token", async () => {
  const reply = await app.inject({ url: `/sign-in?token=${secrets.adminToken}` });
  expect(reply.statusCode).toBe(303);
  expect(reply.headers.location).toBe("/");
  expect(reply.headers["set-cookie"]).toMatch(/HttpOnly/);
  expect(reply.headers["set-cookie"]).toMatch(/SameSite=Lax/);
  expect(reply.headers["set-cookie"]).not.toContain(secrets.adminToken);
  const next = await app.inject({ url: "/default", headers: { cookie: await signedInCookie() } });
  expect(next.json()).toEqual({ user: "admin" });
});

it("does not take a cookie that was not signed here", async () => {
  const cookie = await signedInCookie();
  const forged = cookie.replace(/\.[^.]*$/, ".AAAA");
  expect((await app.inject({ url: "/default", headers: { cookie: forged } })).statusCode).toBe(401);
});

it("refuses a change that a page of another origin sends with the cookie", async () => {
  const cookie = await signedInCookie();
  const post = (origin: string) =>
    app.inject({ method: "POST", url: "/default", headers: { cookie, origin, host: "playhead.example" } });
  expect((await post("http://playhead.example")).statusCode).toBe(200);
  expect((await post("http://evil.example")).statusCode).toBe(403);
});

it("opens the ingest door to the ingest key, as a query or a bearer, and nothing else with it", async () => {
  const send = (url: string, headers = {}) => app.inject({ method: "POST", url, headers });
  expect((await send(`/ingest?key=${secrets.ingestKey}`)).json()).toEqual({ user: null });
  expect((await send("/ingest", bearer(secrets.ingestKey))).statusCode).toBe(200);
  expect((await send("/ingest", bearer(secrets.adminToken))).json()).toEqual({ user: "admin" });
  expect((await send("/ingest?key=nope")).statusCode).toBe(401);
  expect((await send(`/default?key=${secrets.ingestKey}`)).statusCode).toBe(401);
  expect((await send("/default", bearer(secrets.ingestKey))).statusCode).toBe(401);
});

it("keeps users apart: only the administrator makes them, and each holds a token of their own", async () => {
  const payload = { name: "Kim" };
  const made = await app.inject({ method: "POST", url: "/api/v1/users", payload, headers: bearer(secrets.adminToken) });
  expect(made.statusCode).toBe(201);
  const { token } = made.json<{ token: string }>();
  expect((await app.inject({ url: "/api/v1/me", headers: bearer(token) })).json()).toMatchObject({
    name: "Kim",
    admin: false,
  });
  expect((await app.inject({ url: "/api/v1/users", headers: bearer(token) })).statusCode).toBe(403);
});
