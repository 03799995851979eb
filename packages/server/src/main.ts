import { openPostgresStore } from "@playhead/store-postgres";
import { type Config, ConfigError, parseConfig } from "./config.js";
import { DataDirError, ensureDataDir } from "./data-dir.js";
import { createLog } from "./log.js";
import { startService } from "./service.js";
import { giveUp, say, sayReady } from "./terminal.js";

/** Settings, store, service: the only file that knows which engine keeps the data. */
const config = readConfig();
const log = createLog(config.logLevel);

try {
  await ensureDataDir(config.dataDir);
  const store = await openPostgresStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    log,
    onProgress: say,
  });
  const service = await startService(config, store, log).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  stopOnSignal(async () => {
    await service.stop();
    await store.close();
  });
  sayReady(service.signInLink);
} catch (error) {
  log.debug({ err: error }, "Start failed");
  giveUp(describe(error, config));
}

function readConfig(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) giveUp(error.message);
    throw error;
  }
}

/** Signals that come this close together are one Ctrl-C: the terminal sends it to us, and so do the programs before us. */
const SAME_SIGNAL_MS = 1_000;

/** Longest that an orderly end may take once something failed that nothing caught. */
const LAST_WORDS_MS = 5_000;

/** The first signal stops in order; another one after it, at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    log.info({ signal }, "Stopping");
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "Could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // What threw may have left anything half done: end, encoders first, and let the supervisor start anew.
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "An error that nothing caught: ending");
    if (stoppingSince !== undefined) process.exit(1);
    stoppingSince = performance.now();
    setTimeout(() => process.exit(1), LAST_WORDS_MS);
    void endBadly(stop);
  });
  // A mistake in one request must not end everybody's playback; it is logged with its stack.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "Unhandled rejection"));
}

async function endBadly(stop: () => Promise<void>): Promise<void> {
  try {
    await stop();
  } finally {
    process.exit(1);
  }
}

function describe(error: unknown, { host, port }: Config): string {
  if (error instanceof DataDirError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `Port ${port} on ${host} is taken. Stop what uses it, or set PORT (0 picks a free one).`;
  if (code === "EACCES" && "syscall" in error && error.syscall === "listen") {
    return `This user may not listen on port ${port}. Set PORT to 1024 or more.`;
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `HOST is "${host}", which is no address of this machine.`;
  return `Playhead could not start: ${error.message}`;
}
