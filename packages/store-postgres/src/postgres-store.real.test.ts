import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describeStore } from "@playhead/store/conformance";
import { openPostgresStore } from "./open-postgres-store.js";
import { silent } from "./testing/silent-log.js";

describeStore("the embedded PostgreSQL", async () => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "playhead-store-"));
  const store = await openPostgresStore({ databaseUrl: null, dataDir, log: silent });
  return {
    store,
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
});
