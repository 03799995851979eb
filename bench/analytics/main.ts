import path from "node:path";
import { parseArgs } from "node:util";
import { openPostgresStore } from "@playhead/store-postgres";
import { type FastifyBaseLogger, fastify } from "fastify";
import { pino } from "pino";
import { analyticsRoutes } from "../../packages/server/src/analytics/routes.js";
import { createSessionizer } from "../../packages/server/src/analytics/sessionizer.js";
import type { App } from "../../packages/server/src/http.js";
import { machine } from "../load/machine.js";

/**
 * `npm run bench:analytics -- [--data ./data] [--days 30] [--rounds 15] [--only overview]`: how long the questions of the dashboards take, on what
 * `npm run bench:traffic` loaded. The routes are called without a network; the database is the embedded one, or DATABASE_URL's.
 */
const { values } = parseArgs({
  options: {
    data: { type: "string", default: "./data" },
    days: { type: "string", default: "30" },
    rounds: { type: "string", default: "15" },
    only: { type: "string", default: "" },
  },
});
const [days, rounds] = [Number(values.days), Number(values.rounds)];
if (!(days > 0 && rounds > 0)) throw new Error("--days and --rounds are numbers above 0");

const scores = "metric=startupMs,mos,seedScore,smoothnessScore";
const questions: readonly (readonly [name: string, route: string, query?: string])[] = [
  ["overview", "overview"],
  ["overview, before too", "overview", "compare=previous"],
  ["overview, four distributions", "overview", scores],
  ["overview of Firefox", "overview", "filter=browser:eq:Firefox"],
  ["timeseries by hour", "timeseries", "interval=1h"],
  ["timeseries by day and browser", "timeseries", "interval=1d&by=browser"],
  ["breakdown by browser", "breakdown", "by=browser"],
  ["breakdown by codec, container, browser", "breakdown", "by=codec,container,browser"],
  ["breakdown by film, with startup times", "breakdown", "by=mediaId&metric=startupMs"],
  ["breakdown by the page's own dimension", "breakdown", "by=custom.plan"],
  ["histogram", "histogram"],
  ["start", "start"],
  ["errors", "errors"],
  ["experiments", "experiments"],
  ["views, a page", "views", "limit=50"],
  ["views of one error, a page", "views", "filter=errorCode:eq:fragLoadError"],
];

const log: FastifyBaseLogger = pino({ level: "warn" });
const store = await openPostgresStore({
  databaseUrl: process.env.DATABASE_URL || null,
  dataDir: path.resolve(values.data),
  log,
});
const sessionizer = createSessionizer({ store, log });
const app: App = fastify({ loggerInstance: log }).withTypeProvider();
analyticsRoutes(app, { store, sessionizer });
try {
  const views = (await store.views.totals({ appId: "default", from: 0, to: Date.now(), filters: [] })).views;
  console.log(`npm run bench:analytics -- --days ${days} --rounds ${rounds}: ${views} views in all`);
  console.log(machine());
  console.log("\n| question | median, ms | slowest, ms |\n|---|---|---|");
  for (const [name, route, query = ""] of questions.filter(([name]) => name.includes(values.only))) {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const since = performance.now();
      const response = await app.inject(`/api/v1/analytics/${route}?from=-${days}d&${query}`);
      if (response.statusCode !== 200) throw new Error(`${name}: ${response.body}`);
      // The first finds nothing in memory: it warms up.
      if (round > 0) times.push(performance.now() - since);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor((times.length - 1) * share)]?.toFixed(0);
    console.log(`| ${name} | ${at(0.5)} | ${at(1)} |`);
  }
} finally {
  await app.close();
  await store.close();
}
