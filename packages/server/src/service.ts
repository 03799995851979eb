import path from "node:path";
import type { Store } from "@playhead/store";
import type { Logger } from "pino";
import { createSessionizer } from "./analytics/sessionizer.js";
import { createApp } from "./app.js";
import { createAuth } from "./auth/auth.js";
import { loadSecrets } from "./auth/secrets.js";
import type { Config } from "./config.js";
import { createIngest } from "./ingest/ingest.js";
import { ensureDemoFilm } from "./library/demo.js";
import { createLibrary } from "./library/library.js";
import { createMetrics } from "./observability/metrics.js";
import { createStreaming } from "./streaming/streaming.js";
import { progressSayer, say } from "./terminal.js";

/** Built pages lie beside the server, whether it runs from `src` or from `dist`. */
const WEB_DIR = path.resolve(import.meta.dirname, "../../web/dist");

export interface Service {
  /** Where it listens, with the token that signs its opener in. */
  readonly signInLink: string;
  /** Ends everything in the order of the data's way, so that nothing acknowledged is lost. */
  stop(): Promise<void>;
}

/** Starts every stage of both pipelines, then listens. The store stays the caller's to close. */
export async function startService(config: Config, store: Store, log: Logger): Promise<Service> {
  const { mediaDir, dataDir, ffmpeg, ffprobe } = config;
  const auth = await createAuth(store.users, await loadSecrets(dataDir, config));
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
  const sessionizer = createSessionizer({ store, log });
  const ingest = createIngest({ events: store.events, log, onStored: () => sessionizer.notify() });
  const metrics = createMetrics(() => ingest.stats());
  const app = await createApp({ auth, store, library, streaming, ingest, sessionizer, metrics, webDir: WEB_DIR, log });

  const stop = async () => {
    await app.close();
    await streaming.stop();
    await library.stop();
    await ingest.close();
    await sessionizer.stop();
    metrics.stop();
  };

  try {
    await streaming.start();
    await library.start();
    await sessionizer.start();
    const address = await app.listen({ host: config.host, port: config.port });
    return { signInLink: `${address}/sign-in?token=${auth.adminToken}`, stop };
  } catch (error) {
    await stop().catch((cause: unknown) => log.error({ err: cause }, "Could not stop cleanly"));
    throw error;
  }
}
