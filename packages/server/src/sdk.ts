import fastifyStatic, { type FastifyStaticOptions } from "@fastify/static";
import type { App } from "./http.js";

/** A page elsewhere gets the new SDK within this time after an update; a stale one serves meanwhile. */
const SCRIPT_CACHING = "public, max-age=3600, stale-while-revalidate=86400";

export interface SdkFolders {
  readonly sdkDir: string;
  readonly examplesDir: string;
}

/**
 * `/sdk/playhead.js` and the ES modules beside it, for pages of any site that have a player of their own; and
 * `/examples/`, a page per player that shows them at work. Both are open: nothing in them is anybody's.
 */
export async function registerSdk(app: App, { sdkDir, examplesDir }: SdkFolders): Promise<void> {
  await folder(app, {
    root: sdkDir,
    prefix: "/sdk/",
    preCompressed: true,
    index: false,
    allowedPath: (path) => /\.js(\.map)?$/.test(path),
    cacheControl: false,
    setHeaders: (reply) => {
      reply.setHeader("cache-control", SCRIPT_CACHING);
      reply.setHeader("vary", "accept-encoding");
      // Modules are fetched with CORS, and pages may be isolated (COEP).
      reply.setHeader("access-control-allow-origin", "*");
      reply.setHeader("cross-origin-resource-policy", "cross-origin");
      reply.setHeader("x-content-type-options", "nosniff");
    },
  });
  await folder(app, {
    root: examplesDir,
    prefix: "/examples",
    redirect: true,
    cacheControl: false,
    setHeaders: (reply) => {
      reply.setHeader("cache-control", "no-cache");
      reply.setHeader("x-content-type-options", "nosniff");
    },
  });
}

async function folder(app: App, options: FastifyStaticOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, door: "open" };
    });
    await scope.register(fastifyStatic, { ...options, decorateReply: false });
  });
}
