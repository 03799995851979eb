import cookie from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import type { Auth } from "./auth.js";
import { linkOfPath, linkOfQuery, type PlaybackLink } from "./playback-link.js";
import { bearerToken } from "./tokens.js";

const COOKIE = "playhead";
const COOKIE_MAX_AGE_S = 365 * 24 * 3600;
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Stands at every door: finds out who asks, and lets in whom the route allows (`config.door`, default `user`).
 * Must be registered before any route.
 */
export async function registerDoors(app: App, auth: Auth): Promise<void> {
  await app.register(cookie, { secret: auth.cookieSecret });
  app.decorateRequest("user", null);
  app.decorateRequest("link", null);
  app.addHook("onRequest", async (request, reply) => {
    const door = request.routeOptions.config.door ?? "user";
    if (door === "open") return;
    // Pages are served from here too: whoever asks for one is told apart, never refused.
    if (request.is404) {
      request.user = await identify(request, auth).catch(() => null);
      return;
    }
    const link = door === "playback" ? linkOf(request) : undefined;
    if (link) {
      openToOtherOrigins(reply);
      request.user = await auth.links.verify(link);
      request.link = link;
      return;
    }
    // The key first: with it a page of another site may send, whatever cookie the browser adds.
    if (door === "ingest" && hasIngestKey(request, auth)) return;
    request.user = await identify(request, auth);
    if (request.user) {
      if (door === "admin" && !request.user.admin) throw new AppError("forbidden");
      return;
    }
    throw new AppError("unauthorized");
  });
}

/** The link in a request's address, in either of its two forms. */
function linkOf({ params, query }: FastifyRequest): PlaybackLink | undefined {
  if (!isRecord(params)) return undefined;
  const { id, mediaId } = params;
  if (typeof id === "string") return linkOfPath(id);
  return typeof mediaId === "string" && isRecord(query) ? linkOfQuery(mediaId, query) : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A page of any site may play a link, and read why it can't. No cookie ever counts here. */
function openToOtherOrigins(reply: FastifyReply): void {
  void reply
    .header("access-control-allow-origin", "*")
    .header("access-control-expose-headers", "accept-ranges, content-length, content-range, etag, server-timing")
    .header("cross-origin-resource-policy", "cross-origin")
    .header("timing-allow-origin", "*");
}

const identify = async (request: FastifyRequest, auth: Auth) =>
  (await userOfBearer(request, auth)) ?? (await userOfCookie(request, auth)) ?? null;

async function userOfBearer(request: FastifyRequest, auth: Auth) {
  const token = bearerToken(request.headers.authorization);
  return token === undefined ? undefined : await auth.userOfToken(token);
}

/** The cookie alone opens nothing to a page of another origin: what changes things must come from our own. */
async function userOfCookie(request: FastifyRequest, auth: Auth) {
  const raw = request.cookies[COOKIE];
  if (raw === undefined) return undefined;
  const { valid, value } = request.unsignCookie(raw);
  if (!valid) return undefined;
  if (!safeMethods.has(request.method) && !isOwnOrigin(request)) {
    throw new AppError("forbidden", { message: "This request came from a page of another site." });
  }
  return await auth.userOfId(value);
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}

function hasIngestKey(request: FastifyRequest, auth: Auth): boolean {
  const bearer = bearerToken(request.headers.authorization);
  const { query } = request;
  const key = typeof query === "object" && query !== null && "key" in query ? query.key : undefined;
  return [bearer, key].some((candidate) => typeof candidate === "string" && auth.isIngestKey(candidate));
}

/** Signs a user in on this browser. */
export function setSignInCookie(request: FastifyRequest, reply: FastifyReply, userId: string): void {
  void reply.setCookie(COOKIE, userId, {
    signed: true,
    httpOnly: true,
    sameSite: "lax",
    secure: request.protocol === "https",
    path: "/",
    maxAge: COOKIE_MAX_AGE_S,
  });
}

export function clearSignInCookie(reply: FastifyReply): void {
  void reply.clearCookie(COOKIE, { path: "/" });
}
