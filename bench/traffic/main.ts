import path from "node:path";
import { parseArgs } from "node:util";
import { openPostgresStore } from "@playhead/store-postgres";
import { pino } from "pino";
import { machine } from "../load/machine.js";
import { loadEvents, loadViews } from "./load.js";
import { planTraffic } from "./plan.js";

/**
 * `npm run bench:traffic -- [--views 100000] [--days 30] [--seed 1] [--data ./data] [--views-only]`: fills a data folder's
 * database (or that of DATABASE_URL) with views whose truth is known, up to the last whole hour. `--views-only` stores no events, and
 * so takes a million.
 */
const { values } = parseArgs({
  options: {
    views: { type: "string", default: "100000" },
    days: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    data: { type: "string", default: "./data" },
    "views-only": { type: "boolean", default: false },
  },
});
const [views, days, seed] = [Number(values.views), Number(values.days), Number(values.seed)];
if (!(views > 0 && days > 0)) throw new Error("--views and --days are numbers above 0");

const HOUR = 3_600_000;
const until = Math.floor(Date.now() / HOUR) * HOUR;
const traffic = planTraffic({ seed, views, days, until });
const since = performance.now();
const seconds = () => ((performance.now() - since) / 1000).toFixed(0);

console.log(`npm run bench:traffic -- --views ${views} --days ${days} --seed ${seed}`);
console.log(machine());
const store = await openPostgresStore({
  databaseUrl: process.env.DATABASE_URL || null,
  dataDir: path.resolve(values.data),
  log: pino({ level: "warn" }),
});
try {
  let next = 0;
  const say = (what: string) => (done: number) => {
    if (done < next) return;
    next = done + 100_000;
    console.log(`${seconds()} s: ${done} ${what}`);
  };
  if (values["views-only"]) await loadViews(store, traffic.plans(), say("views"));
  else await loadEvents(store, traffic.plans(), say("events"));
  const found = await store.views.totals({ appId: "default", from: traffic.from, to: traffic.to, filters: [] });
  console.log(`${seconds()} s: ${found.views} views from ${new Date(traffic.from).toISOString()} on`);
  const { incident } = traffic;
  console.log(`${incident.cdn} is bad from ${new Date(incident.from).toISOString()} on, for three hours`);
} finally {
  await store.close();
}
