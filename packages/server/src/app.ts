import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { EncodersNow } from "@playhead/protocol";
import type { Store } from "@playhead/store";
import { type FastifyBaseLogger, fastify, LogController, type RouteOptions } from "fastify";
import type { Alerts } from "./analytics/alerts/alerts.js";
import { alertRoutes } from "./analytics/alerts/routes.js";
import { encoderRoute } from "./analytics/encoder-route.js";
import { analyticsRoutes } from "./analytics/routes.js";
import type { Sessionizer } from "./analytics/sessionizer.js";
import type { Auth } from "./auth/auth.js";
import { registerDoors } from "./auth/doors.js";
import { authRoutes } from "./auth/routes.js";
import { countryOf } from "./country.js";
import { replyWithError } from "./error-reply.js";
import { healthRoutes } from "./health.js";
import { type App, connectionLimits } from "./http.js";
import type { Ingest } from "./ingest/ingest.js";
import { ingestRoutes } from "./ingest/routes.js";
import type { Library } from "./library/library.js";
import { libraryRoutes } from "./library/routes.js";
import type { Observability } from "./observability/observe.js";
import { observabilityRoutes } from "./observability/routes.js";
import { registerOpenApi } from "./openapi.js";
import { registerPages } from "./pages.js";
import { registerSdk } from "./sdk.js";
import type { Streaming } from "./streaming/face.js";
import { linkRoutes } from "./streaming/link-routes.js";
import { streamingRoutes } from "./streaming/routes.js";
import { thumbnailRoutes } from "./streaming/thumbnails/routes.js";
import type { Thumbnails } from "./streaming/thumbnails/thumbnails.js";

/** The stages that the routes stand on. */
export interface Stages {
  readonly auth: Auth;
  readonly store: Store;
  readonly library: Library;
  readonly streaming: Streaming;
  readonly thumbnails: Thumbnails;
  readonly ingest: Ingest;
  readonly sessionizer: Sessionizer;
  readonly alerts: Alerts;
  readonly metrics: Observability["metrics"];
  /** Whether CMCD is recorded. */
  readonly cmcd: boolean;
  /** Header that tells the viewer's country, in lower case. */
  readonly countryHeader: string | null;
  /** Folder of the built pages. */
  readonly webDir: string;
  /** Folder of the built SDK. */
  readonly sdkDir: string;
  /** Folder of the example pages. */
  readonly examplesDir: string;
  readonly log: FastifyBaseLogger;
}

const BODY_LIMIT_BYTES = 1024 * 1024;

export interface AppHooks {
  /** Told of each route as it is registered. */
  readonly onRoute?: (route: RouteOptions) => void;
}

/** Puts the routes on one Fastify instance; it does not listen yet. */
export async function createApp(stages: Stages, { onRoute }: AppHooks = {}): Promise<App> {
  const { store, auth, log } = stages;
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    ...connectionLimits,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1024 },
    frameworkErrors: replyWithError,
  }).withTypeProvider<TypeBoxTypeProvider>();

  // Bodies are taken as they are ("12" is not 12); queries and params are text and are converted.
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(replyWithError);
  const { countryHeader } = stages;
  app.decorateRequest("country", {
    getter() {
      return countryHeader === null ? undefined : countryOf(this.headers[countryHeader]);
    },
  });
  if (onRoute !== undefined) app.addHook("onRoute", onRoute);
  registerOpenApi(app);
  await registerDoors(app, auth);
  healthRoutes(app, store);
  authRoutes(app, auth);
  libraryRoutes(app, {
    library: stages.library,
    progress: store.progress,
    onLook: (mediaId) => void stages.streaming.openAhead(mediaId),
  });
  streamingRoutes(app, stages.streaming);
  linkRoutes(app, stages.streaming, auth.links);
  thumbnailRoutes(app, stages.thumbnails, (id) => stages.library.get(id));
  ingestRoutes(app, stages.ingest, { cmcd: stages.cmcd });
  analyticsRoutes(app, { store, sessionizer: stages.sessionizer });
  encoderRoute(app, { work: store.work, present: () => encodersNow(stages.streaming) });
  alertRoutes(app, { store: store.alerts, alerts: stages.alerts });
  observabilityRoutes(app, stages.metrics);
  await registerSdk(app, stages);
  await registerPages(app, stages.webDir);
  await app.ready();
  return app;
}

function encodersNow(streaming: Streaming): EncodersNow {
  const { scheduler } = streaming;
  const { sessions, encoder } = streaming.stats();
  const of = ({ limit, inUse, waiting }: Streaming["scheduler"]["video"]) => ({ limit, inUse, waiting });
  return {
    sessions: sessions.warming + sessions.active + sessions.lingering,
    runs: encoder.runs,
    paused: encoder.pausedRuns,
    video: of(scheduler.video),
    audio: of(scheduler.audio),
  };
}
