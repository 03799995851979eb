import { subscribe } from "node:diagnostics_channel";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { LibraryReply, MediaReply } from "@playhead/protocol";
import { openPostgresStore } from "@playhead/store-postgres";
import { eventually } from "../../e2e/service.js";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { machine } from "../load/machine.js";
import { pullFrom } from "../load/pullers.js";
import { median, pairedInterval } from "../sdk/statistics.js";
import { COPIED, converted, makeFilms } from "./films.js";
import { firstSegmentMs } from "./first-segment.js";
import { type Server, startServer } from "./server.js";
import { openViewers } from "./viewers.js";

/**
 * `npm run bench:telemetry-overhead -- [--pairs 20] [--ms 2000] [--viewers 50]`: what the server's telemetry costs. One server in
 * this process; its clients and database are processes of their own. Telemetry is turned on and off while it runs: each
 * pair is one run with it and one without, in turns first. Printed are the differences of the pairs, with their 95 % interval.
 */
const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "20" },
    ms: { type: "string", default: "2000" },
    viewers: { type: "string", default: "50" },
  },
});
const [pairs, runMs, viewers] = [Number(values.pairs), Number(values.ms), Number(values.viewers)];
if (!(pairs >= 2 && runMs >= 100 && viewers >= 1)) throw new Error("--pairs at least 2, --ms at least 100, --viewers");

const CLIENTS = 2;
const CONNECTIONS = 4;
const WARM_UP_MS = 3_000;
/** After a change: what was heard is stored, what publishes is compiled anew, and counts for neither. */
const SETTLE_MS = 500;
/** A run is so many slices, between those of the other of its pair: what else the machine does meets both. */
const SLICES = 2;
/** Plays of a copied film: so many in a run, in so many blocks, each after some that are not counted. */
const COPIED_PLAYS = 60;
const BLOCKS = 3;
const UNCOUNTED_PLAYS = 10;

type Telemetry = "on" | "off";
type Figures = Record<Telemetry, number[]>;
const figures = (): Figures => ({ on: [], off: [] });
const inTurns = (n: number): readonly Telemetry[] => (n % 2 === 0 ? ["on", "off"] : ["off", "on"]);

console.log(`npm run bench:telemetry-overhead -- --pairs ${pairs} --ms ${runMs} --viewers ${viewers}`);
console.log(machine());
const scratch = await temporaryFolder("overhead");
try {
  const media = path.join(scratch, "media");
  await mkdir(media);
  await makeFilms(media, 2 * pairs + 2);
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const store = await openPostgresStore({ databaseUrl: null, dataDir: path.join(scratch, "data"), log: quiet });
  try {
    const server = await startServer(store, scratch);
    try {
      await measure(server);
    } finally {
      await server.stop();
    }
  } finally {
    await store.close();
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function measure(server: Server): Promise<void> {
  const films = await library(server);
  console.log(`\n${pairs} pairs, medians; the difference is that of the pairs, in brackets where it lies with 95 %`);
  console.log(`${"".padEnd(27)} ${"off".padStart(9)} ${"on".padStart(9)}   costs`);
  await firstSegments(server, films);
  await throughput(server, film(films, COPIED));
}

/** Segments that are in the cache, to clients that take all they can get. */
async function throughput(server: Server, media: MediaReply): Promise<void> {
  await server.tell("on");
  const paths = await openViewers(server, media.id, viewers);
  let answered = 0;
  subscribe("http.server.response.finish", () => {
    answered += 1;
  });
  const sliceMs = runMs / SLICES;
  const ms = WARM_UP_MS + pairs * 2 * (runMs + SLICES * (SETTLE_MS + 20)) + 5_000;
  const pull = { origin: server.origin, paths, headers: server.headers, connections: CONNECTIONS, ms };
  const pulling = pullFrom(CLIENTS, pull);
  await delay(WARM_UP_MS);

  const perSecond = figures();
  const cpuUs = figures();
  const handlingUs: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const run = { on: { segments: 0, ms: 0, us: 0 }, off: { segments: 0, ms: 0, us: 0 } };
    for (let slice = 0; slice < SLICES; slice++) {
      for (const telemetry of inTurns(pair + slice)) {
        await server.tell(telemetry);
        await delay(SETTLE_MS);
        const busyBefore = telemetry === "on" ? await busySeconds(server) : 0;
        const [from, before, cpu] = [performance.now(), answered, process.cpuUsage()];
        await delay(sliceMs);
        const { user, system } = process.cpuUsage(cpu);
        run[telemetry].segments += answered - before;
        run[telemetry].ms += performance.now() - from;
        run[telemetry].us += user + system;
        if (telemetry === "off") continue;
        const handled = (await busySeconds(server)) - busyBefore;
        handlingUs.push((handled * 1e6) / (answered - before));
      }
    }
    for (const telemetry of ["on", "off"] as const) {
      const { segments, ms: tookMs, us } = run[telemetry];
      perSecond[telemetry].push((segments / tookMs) * 1000);
      cpuUs[telemetry].push(us / segments);
    }
  }
  tell("segments a second", perSecond, { moreIsBetter: true });
  tell("server's CPU a segment, µs", cpuUs);
  await pulling;
  const us = median(handlingUs);
  const share = (100 * us) / median(cpuUs.off);
  console.log(
    `\nhandling what was told: ${us.toFixed(1)} µs a segment, ${share.toFixed(2)} % of the server's CPU, as it times itself`,
  );
}

/** What handling has taken since telemetry was last turned on. */
async function busySeconds(server: Server): Promise<number> {
  const text = await (await server.fetch("/metrics")).text();
  const series = text.matchAll(/^playhead_telemetry_busy_seconds_total\{.*\} (\S+)$/gm);
  return Array.from(series, ([, value]) => Number(value)).reduce((sum, value) => sum + value, 0);
}

/** One play after the other, from its request to its first picture segment; blocks with and without in turns. */
async function firstSegments(server: Server, films: ReadonlyMap<string, MediaReply>): Promise<void> {
  const copied = figures();
  const converting = figures();
  const toConvert = [...converted(2 * pairs + 2)];
  const convert = () => firstSegmentMs(server, film(films, toConvert.pop() ?? ""), "nothing");
  const copy = () => firstSegmentMs(server, film(films, COPIED), "all");
  // Warms up.
  for (let i = 0; i < 2 * COPIED_PLAYS; i++) await copy();
  for (let i = 0; i < 2; i++) await convert();
  for (let pair = 0; pair < pairs; pair++) {
    const of = figures();
    for (let block = 0; block < BLOCKS; block++) {
      for (const telemetry of inTurns(pair + block)) {
        await server.tell(telemetry);
        // A channel that gets or loses its listeners makes V8 compile anew what publishes on it.
        for (let i = 0; i < UNCOUNTED_PLAYS; i++) await copy();
        for (let i = 0; i < COPIED_PLAYS / BLOCKS; i++) of[telemetry].push(await copy());
      }
    }
    for (const telemetry of inTurns(pair)) {
      copied[telemetry].push(median(of[telemetry]));
      await server.tell(telemetry);
      converting[telemetry].push(await convert());
    }
  }
  tell("first segment, copied, ms", copied);
  tell("first segment, converted, ms", converting);
}

/** All films, by path, once they are examined. */
async function library(server: Server): Promise<ReadonlyMap<string, MediaReply>> {
  const items = await eventually(async () => {
    const { items: found, scan } = await server.json<LibraryReply>("/api/v1/library");
    const ready = found.filter(({ status, posterUrl }) => status === "ready" && posterUrl !== undefined);
    return scan === undefined && ready.length > 2 * pairs + 2 ? ready : undefined;
  }, 300_000);
  const found = new Map<string, MediaReply>();
  for (const { id, path: file } of items) found.set(file, await server.json<MediaReply>(`/api/v1/media/${id}`));
  return found;
}

function film(films: ReadonlyMap<string, MediaReply>, name: string): MediaReply {
  const found = films.get(name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
}

function tell(name: string, { on, off }: Figures, { moreIsBetter = false } = {}): void {
  const differences = on.map((value, i) => {
    const without = off[i] ?? Number.NaN;
    return ((moreIsBetter ? without - value : value - without) / without) * 100;
  });
  const { mean, low, high } = pairedInterval(differences);
  const cells = [off, on].map((all) => median(all).toFixed(1).padStart(9));
  const noise = `${mean.toFixed(2)} % (${low.toFixed(2)} to ${high.toFixed(2)})`;
  const isNoise = low <= 0 && high >= 0 ? "within noise" : "beyond noise";
  console.log(
    `${name.padEnd(27)} ${cells.join(" ")}   ${noise}   ${isNoise}, ${mean < 1 ? "under 1 %" : "not under 1 %"}`,
  );
}
