import { readFile } from "node:fs/promises";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyRequest } from "fastify";
import { pathOf, replyWithError } from "./error-reply.js";
import { AppError } from "./errors.js";
import type { App } from "./http.js";

/** Names with a content hash: they never change. */
const ASSET_MAX_AGE = "1y";

/** What the pages may load and where they may be shown: our own origin only. `blob:` is Media Source Extensions. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join("; ");

const SIGNED_OUT_PAGE = "/signed-out";

/** The addresses that the pages' own router knows; any other shows its "not found", with the status to match. */
const knownPages = /^\/(media\/[^/]+|watch\/[^/]+|dashboard(\/.*)?)?$/;

function statusOf(request: FastifyRequest): number {
  const path = pathOf(request);
  if (path === SIGNED_OUT_PAGE) return 200;
  if (!request.user) return 401;
  return knownPages.test(path) ? 200 : 404;
}

const wantsPage = (request: FastifyRequest): boolean =>
  (request.method === "GET" || request.method === "HEAD") &&
  !/^\/(api|assets|examples|sdk|telemetry|metrics|healthz|readyz|openapi\.json)(\/|$)/.test(pathOf(request)) &&
  /html|\*\/\*/.test(request.headers.accept ?? "*/*");

/**
 * Serves the built pages. `/assets` are files; every other address that is no API is the one page, whose router knows
 * the rest. Someone who is not signed in gets the same page, with status 401, and it shows how to sign in.
 */
export async function registerPages(app: App, webDir: string): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, door: "open" };
    });
    await scope.register(fastifyStatic, {
      root: path.join(webDir, "assets"),
      prefix: "/assets/",
      maxAge: ASSET_MAX_AGE,
      immutable: true,
      index: false,
      decorateReply: false,
      preCompressed: true,
    });
  });

  const index = await readFile(path.join(webDir, "index.html"), "utf8");
  app.setNotFoundHandler(async (request, reply) => {
    if (!wantsPage(request)) {
      const isAsset = pathOf(request).startsWith("/assets/");
      return replyWithError(new AppError(request.user || isAsset ? "not_found" : "unauthorized"), request, reply);
    }
    return reply
      .code(statusOf(request))
      .header("cache-control", "no-cache")
      .header("content-security-policy", CONTENT_SECURITY_POLICY)
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "same-origin")
      .type("text/html; charset=utf-8")
      .send(index);
  });
}
