import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { Store } from "@playhead/store";
import { fastify } from "fastify";
import { pino } from "pino";
import { replyWithError } from "../../error-reply.js";
import type { App } from "../../http.js";
import { createIngest, type Ingest, type IngestOptions } from "../ingest.js";
import { ingestRoutes } from "../routes.js";

/** For tests: the ingest door on a real store, listening on a free port of this machine. */
export interface Door {
  readonly dataDir: string;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly app: App;
  readonly address: string;
  close(): Promise<void>;
}

/** @param openStore opens the store in an empty folder; only tests may name which. */
export async function openDoor(
  openStore: (dataDir: string) => Promise<Store>,
  options: Pick<IngestOptions, "onStored"> = {},
): Promise<Door> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "playhead-ingest-"));
  // The database runs under a uid of its own when we are root, and has to get in.
  await chmod(dataDir, 0o755);
  const store = await openStore(dataDir);
  const ingest = createIngest({ ...options, events: store.events, log: pino({ level: "silent" }) });
  const app: App = fastify().withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(replyWithError);
  ingestRoutes(app, ingest);
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    dataDir,
    store,
    ingest,
    app,
    address,
    async close() {
      await app.close();
      await ingest.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
