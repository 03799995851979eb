import { describeStore } from "@playhead/store/conformance";
import { openPostgresStore } from "./open-postgres-store.js";
import { makeDataFolder } from "./testing/data-folder.js";
import { silent } from "./testing/silent-log.js";

describeStore("the embedded PostgreSQL", async () => {
  const { dataDir, remove } = await makeDataFolder();
  const store = await openPostgresStore({ databaseUrl: null, dataDir, log: silent });
  return {
    store,
    close: async () => {
      await store.close();
      await remove();
    },
  };
});
