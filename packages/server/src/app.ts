import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { Store } from "@playhead/store";
import { type FastifyBaseLogger, fastify, LogController } from "fastify";
import { analyticsRoutes } from "./analytics/routes.js";
import type { Sessionizer } from "./analytics/sessionizer.js";
import type { Auth } from "./auth/auth.js";
import { registerDoors } from "./auth/doors.js";
import { authRoutes } from "./auth/routes.js";
import { replyWithError } from "./error-reply.js";
import { healthRoutes } from "./health.js";
import type { App } from "./http.js";
import type { Ingest } from "./ingest/ingest.js";
import { ingestRoutes } from "./ingest/routes.js";
import type { Library } from "./library/library.js";
import { libraryRoutes } from "./library/routes.js";
import type { Metrics } from "./observability/metrics.js";
import { observabilityRoutes } from "./observability/routes.js";
import { registerPages } from "./pages.js";
import { streamingRoutes } from "./streaming/routes.js";
import type { Streaming } from "./streaming/streaming.js";

/** The stages that the routes stand on. */
export interface Stages {
  readonly auth: Auth;
  readonly store: Store;
  readonly library: Library;
  readonly streaming: Streaming;
  readonly ingest: Ingest;
  readonly sessionizer: Sessionizer;
  readonly metrics: Metrics;
  /** Folder of the built pages. */
  readonly webDir: string;
  readonly log: FastifyBaseLogger;
}

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Longer than a player's pause between two requests, so that it keeps its connection. */
const KEEP_ALIVE_MS = 75_000;

/** Puts the routes on one Fastify instance; it does not listen yet. */
export async function createApp(stages: Stages): Promise<App> {
  const { store, auth, log } = stages;
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: replyWithError,
  }).withTypeProvider<TypeBoxTypeProvider>();

  // Bodies are taken as they are ("12" is not 12); queries and params are text and are converted.
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(replyWithError);
  await registerDoors(app, auth);
  healthRoutes(app, store);
  authRoutes(app, auth);
  libraryRoutes(app, { library: stages.library, progress: store.progress });
  streamingRoutes(app, stages.streaming);
  ingestRoutes(app, stages.ingest);
  analyticsRoutes(app, { store, sessionizer: stages.sessionizer });
  observabilityRoutes(app, stages.metrics);
  await registerPages(app, stages.webDir);
  await app.ready();
  return app;
}
