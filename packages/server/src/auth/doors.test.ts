import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { User, UserStore } from "@playhead/store";
import { fastify } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replyWithError } from "../error-reply.js";
import type { App } from "../http.js";
import { type Auth, createAuth } from "./auth.js";
import { registerDoors } from "./doors.js";
import { type PlaybackLink, pathSegmentOf } from "./playback-link.js";
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
    async tokenSha256Of(id) {
      const sha = kept.get(id)?.sha;
      return sha === undefined ? undefined : Buffer.from(sha, "hex");
    },
    all: async () => [...kept.values()],
  };
}

let app: App;
let auth: Auth;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  auth = await createAuth(usersInMemory(), secrets, { linkLifetimeMs: 3_600_000, now: () => now });
  app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(replyWithError);
  await registerDoors(app, auth);
  authRoutes(app, auth);
  app.get("/default", async (request) => ({ user: request.user?.name }));
  app.post("/default", async () => ({ done: true }));
  app.get("/open", { config: { door: "open" } }, async () => ({ open: true }));
  for (const url of ["/api/v1/stream/:mediaId", "/api/v1/hls/:id/:rest"]) {
    app.get(url, { config: { door: "playback" } }, async ({ user, link }) => ({
      user: user?.name,
      plays: link?.mediaId,
      supported: link?.supported,
    }));
  }
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

describe("a signed link", () => {
  let link: URL;
  const get = (url: URL | string, headers = {}) => app.inject({ url: String(url).replace("http://x", ""), headers });
  const code = async (url: URL | string, headers = {}) => {
    const reply = await get(url, headers);
    return [reply.statusCode, reply.json<{ error: { code: string } }>().error?.code];
  };
  const changed = (name: string, value: string) => {
    const other = new URL(link);
    other.searchParams.set(name, value);
    return other;
  };
  const kim = async () => (await auth.putUser("Kim")).user;
  beforeEach(async () => {
    link = new URL((await auth.links.issue(await kim(), "film-1")).url, "http://x");
  });

  it("opens its item for its user, without a sign-in, in whatever order its fields come", async () => {
    expect((await get(link)).json()).toEqual({ user: "Kim", plays: "film-1" });
    const turned = new URL(link);
    turned.search = new URLSearchParams([...link.searchParams].toReversed()).toString();
    expect(turned.search).not.toBe(link.search);
    expect((await get(turned)).statusCode).toBe(200);
    expect((await get(changed("supported", "avc1.640028,ec-3"))).json()).toMatchObject({
      supported: ["avc1.640028", "ec-3"],
    });
  });

  it("opens nothing else: no other item, no other user's, none for longer, and no other route", async () => {
    const other = new URL(link);
    other.pathname = "/api/v1/stream/film-2";
    const { user: eve } = await auth.putUser("Eve");
    const sig = link.searchParams.get("sig") ?? "";
    const wrong = [
      other,
      changed("user", eve.id),
      changed("user", "nobody"),
      changed("expires", String(Number(link.searchParams.get("expires")) + 1)),
      changed("expires", "99999999999999"),
      changed("sig", `${sig.slice(0, -2)}AA`),
      changed("sig", ""),
      changed("sig", `${sig}AAAA`),
    ];
    for (const url of wrong) expect([String(url), ...(await code(url))]).toEqual([String(url), 403, "link_invalid"]);
    expect(await code(`/default${link.search}`)).toEqual([401, "unauthorized"]);
    const half = new URL(link);
    half.searchParams.delete("sig");
    // Also beside a good sign-in: a link that is wrong must not look right to the one who made it.
    expect(await code(half, bearer(secrets.adminToken))).toEqual([403, "link_invalid"]);
  });

  it("says when it has expired, to its holder only", async () => {
    now += 3_600_000;
    expect(await code(link)).toEqual([410, "link_expired"]);
    expect(await code(changed("user", "nobody"))).toEqual([403, "link_invalid"]);
  });

  it("ends when its user gets a new token", async () => {
    await kim();
    expect(await code(link)).toEqual([403, "link_invalid"]);
  });

  it("is one segment of the path below a playlist, bound to the same", async () => {
    const [expires, user, signature] = ["expires", "user", "sig"].map((name) => link.searchParams.get(name) ?? "");
    const supported = ["avc1.640028", "mp4a.40.2"];
    const given = { mediaId: "film-1", userId: user ?? "", expires: Number(expires), signature: signature ?? "" };
    const at = (change: Partial<PlaybackLink>) =>
      `/api/v1/hls/${pathSegmentOf({ ...given, view: undefined, supported, ...change }, "view")}/x`;
    expect((await get(at({}))).json()).toEqual({ user: "Kim", plays: "film-1", supported });
    expect(await code(at({ mediaId: "film-2" }))).toEqual([403, "link_invalid"]);
    expect(await code(at({ expires: given.expires + 1 }))).toEqual([403, "link_invalid"]);
    expect(await code("/api/v1/hls/~/x")).toEqual([403, "link_invalid"]);
    expect(await code("/api/v1/hls/some-session/x")).toEqual([401, "unauthorized"]);
  });

  it("lets pages of other sites play it, and read why they can't; a cookie's door stays shut to them", async () => {
    const elsewhere = { origin: "http://elsewhere.example" };
    for (const url of [link, changed("sig", "wrong")]) {
      expect((await get(url, elsewhere)).headers).toMatchObject({
        "access-control-allow-origin": "*",
        "timing-allow-origin": "*",
      });
    }
    const own = await get("/api/v1/stream/film-1", { ...elsewhere, cookie: await signedInCookie() });
    expect(own.statusCode).toBe(200);
    expect(own.headers).not.toHaveProperty("access-control-allow-origin");
  });
});
