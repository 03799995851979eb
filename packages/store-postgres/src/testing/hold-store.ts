import { openPostgresStore } from "../open-postgres-store.js";
import { sampleEvent } from "./sample-event.js";
import { silent } from "./silent-log.js";

/** A program of its own for tests of life and death: opens the store, appends an event, says so, and stays until killed. */
const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("usage: hold-store <data folder>");
const store = await openPostgresStore({ databaseUrl: null, dataDir, log: silent });
await store.events.append([sampleEvent("from the holder")]);
process.stdout.write("stored\n");
