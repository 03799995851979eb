import path from "node:path";
import type { Store } from "@playhead/store";
import type { Logger } from "pino";
import { createAlerts } from "./analytics/alerts/alerts.js";
import { createSessionizer } from "./analytics/sessionizer.js";
import { createApp } from "./app.js";
import { createAuth } from "./auth/auth.js";
import { loadSecrets } from "./auth/secrets.js";
import type { Config } from "./config.js";
import { createIngest } from "./ingest/ingest.js";
import { ensureDemoFilm } from "./library/demo.js";
import { createLibrary } from "./library/library.js";
import { recordCmcdRequests } from "./observability/cmcd-requests.js";
import { type Observability, observe } from "./observability/observe.js";
import { createStreaming } from "./streaming/streaming.js";
import { createThumbnails } from "./streaming/thumbnails/thumbnails.js";
import { progressSayer, say } from "./terminal.js";

/** What browsers load lies beside the server, whether it runs from `src` or from `dist`. */
const built = {
  webDir: path.resolve(import.meta.dirname, "../../web/dist"),
  sdkDir: path.resolve(import.meta.dirname, "../../sdk/dist"),
  examplesDir: path.resolve(import.meta.dirname, "../../../examples"),
};

export interface Service {
  /** Where it listens, with the token that signs its opener in. */
  readonly signInLink: string;
  /** What it tells of itself: can be ended and begun while it runs. */
  readonly observability: Pick<Observability, "start" | "stop">;
  /** Ends everything in the order of the data's way, so that nothing acknowledged is lost. */
  stop(): Promise<void>;
}

/** Starts every stage of both pipelines, then listens. The store stays the caller's to close. */
export async function startService(config: Config, store: Store, log: Logger): Promise<Service> {
  const { mediaDir, dataDir, ffmpeg, ffprobe } = config;
  const auth = await createAuth(store.users, await loadSecrets(dataDir, config), config);
  await ensureDemoFilm({ mediaDir, ffmpeg, log, onProgress: say });

  const library = createLibrary({
    mediaDir,
    dataDir,
    media: store.media,
    progress: store.progress,
    ffmpeg,
    ffprobe,
    log,
    onScanProgress: progressSayer("Examining the library"),
  });
  const streaming = createStreaming({ findMedia: (id) => library.get(id), config, log });
  const thumbnails = createThumbnails({
    items: () => library.items(),
    scheduler: streaming.scheduler,
    isWatched: () => streaming.stats().sessions.active > 0,
    means: streaming.pictureMeans,
    config,
    log,
  });
  library.onChange(({ kind, item }) => {
    if (kind !== "removed") return;
    Promise.all([streaming.forget(item.fileId), thumbnails.forget(item.fileId)]).catch((error: unknown) =>
      log.warn({ err: error }, "Subtitles and thumbnails can't be removed"),
    );
  });
  const sessionizer = createSessionizer({ store, log });
  const alerts = createAlerts({ alerts: store.alerts, views: store.views, log });
  const ingest = createIngest({ events: store.events, log, onStored: () => sessionizer.notify() });
  const cmcdRequests = config.cmcd ? recordCmcdRequests(ingest) : undefined;
  const cmcdDropped = () => cmcdRequests?.stats().dropped ?? 0;
  const observability = await observe({ config, ingest, streaming, cmcdDropped, work: store.work, log });
  const { metrics } = observability;
  const stages = { auth, store, library, streaming, thumbnails, ingest, sessionizer, alerts, metrics };
  const app = await createApp({ ...stages, ...built, cmcd: config.cmcd, countryHeader: config.countryHeader, log });

  const stop = async () => {
    await app.close();
    await thumbnails.stop();
    await streaming.stop();
    await library.stop();
    cmcdRequests?.stop();
    const told = observability.stop();
    await ingest.close();
    await alerts.stop();
    await sessionizer.stop();
    await told;
  };

  try {
    observability.start();
    await streaming.start();
    await library.start();
    await thumbnails.start();
    await sessionizer.start();
    alerts.start();
    const address = await app.listen({ host: config.host, port: config.port });
    return { signInLink: `${address}/sign-in?token=${auth.adminToken}`, observability, stop };
  } catch (error) {
    await stop().catch((cause: unknown) => log.error({ err: cause }, "Could not stop cleanly"));
    throw error;
  }
}
