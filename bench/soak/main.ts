import { mkdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { itemOf } from "../../e2e/playlist.js";
import { startService } from "../../e2e/service.js";
import { temporaryFolder } from "../../e2e/temporary-folder.js";
import { randomFrom } from "../random.js";
import { makeFilms } from "./films.js";
import { type Tally, watchOnAndOn } from "./player.js";
import { mean, type Sample, sampleOf } from "./sampler.js";

/**
 * `npm run bench:soak -- [--minutes 30] [--clients 20] [--seed 1]`: many players that seek at random, and what is left of
 * them. Ends with status 1 when memory grows, the cache passes its quota, or anything stays behind.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    clients: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
  },
});
const [minutes, clients, seed] = [Number(values.minutes), Number(values.clients), Number(values.seed)];
if (!(minutes > 0 && clients > 0)) throw new Error("--minutes and --clients are numbers above 0");
/** Small enough that segments are thrown out all the time. */
const QUOTA = 30e6;
const IDLE_S = 10;
/** Memory of the last third against the second. */
const GROWTH = 1.1;
/** Files stay open for a while after their last reader. */
const SETTLE_S = 180;

const scratch = await temporaryFolder("soak");
const mediaDir = path.join(scratch, "media");
const violations: string[] = [];
console.log(`npm run bench:soak -- --minutes ${minutes} --clients ${clients} --seed ${seed}`);
console.log(`Node ${process.version}, ${os.cpus().length} × ${os.cpus()[0]?.model}`);
try {
  await mkdir(mediaDir);
  const names = await makeFilms(mediaDir);
  const service = await startService({
    mediaDir,
    dataDir: path.join(scratch, "data"),
    env: { PLAYHEAD_CACHE_MAX: String(QUOTA), PLAYHEAD_HLS_IDLE_TIMEOUT: `${IDLE_S}s` },
  });
  try {
    await soak(names, service);
  } finally {
    await service.stop();
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
for (const violation of violations) console.log(`VIOLATED: ${violation}`);
console.log(violations.length === 0 ? "\nheld" : "\nnot held");
process.exitCode = violations.length === 0 ? 0 : 1;

async function soak(names: readonly string[], service: Awaited<ReturnType<typeof startService>>): Promise<void> {
  const films = await Promise.all(names.map((name) => itemOf(service, name)));
  const before = await sampleOf(service);
  const end = AbortSignal.timeout(minutes * 60_000);
  const tally: Tally = { films: 0, segments: 0, seeks: 0, bytes: 0, abandoned: 0, renewed: 0, busy: 0, failures: [] };
  const players = Array.from({ length: clients }, async (_, n) => {
    // Each a user of its own: one user's players of one film share a session.
    const body = JSON.stringify({ name: `viewer ${n}` });
    const { token } = await service.json<{ token: string }>("/api/v1/users", { method: "POST", body });
    await watchOnAndOn(films, { service, token, random: randomFrom(seed * 1_000 + n), tally, signal: end });
  });

  const samples: Sample[] = [];
  while (!end.aborted) {
    samples.push(await sampleOf(service));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await Promise.all(players);
  const after = await settle(service, before);

  const { failures, bytes, ...counts } = tally;
  console.log(`\n${JSON.stringify(counts)}, ${(bytes / 1e6).toFixed(0)} MB, ${failures.length} failures`);
  table(before, samples, after);

  const [, second, last] = thirds(samples).map((third) => mean(third.map(({ rssBytes }) => rssBytes)));
  const growth = (last ?? 0) / (second ?? 1);
  console.log(`\nmemory of the last third / second third: ${growth.toFixed(3)} (at most ${GROWTH})`);
  const most = Math.max(...samples.map(({ cacheBytes }) => cacheBytes));
  console.log(`cache at its fullest: ${(most / 1e6).toFixed(1)} MB of ${QUOTA / 1e6} MB`);
  const check = (holds: boolean, violation: string) => void (holds || violations.push(violation));
  check(growth <= GROWTH, `memory grew ${growth.toFixed(3)} times`);
  check(most <= QUOTA, `the cache held ${most} bytes`);
  check(after.encoders === 0, `${after.encoders} encoders are left`);
  check(after.sessions === 0, `${after.sessions} sessions are left`);
  check(after.unfinished === 0, `${after.unfinished} unfinished files are left`);
  check(after.descriptors <= before.descriptors, `${after.descriptors} descriptors, ${before.descriptors} before`);
  check(tally.segments > 0 && tally.seeks > clients, "nothing was played");
  check(failures.length === 0, `players failed: ${[...new Set(failures)].slice(0, 5).join("\n  ")}`);
}

/** Everyone has left: waits until the server holds no more than before, or long enough. */
async function settle(service: Awaited<ReturnType<typeof startService>>, before: Sample): Promise<Sample> {
  const deadline = performance.now() + SETTLE_S * 1000;
  for (;;) {
    const now = await sampleOf(service);
    const isBack = now.encoders + now.sessions + now.unfinished === 0 && now.descriptors <= before.descriptors;
    if (isBack || performance.now() > deadline) return now;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

function thirds(samples: readonly Sample[]): Sample[][] {
  const size = Math.floor(samples.length / 3);
  return [0, 1, 2].map((n) => samples.slice(n * size, (n + 1) * size));
}

function table(before: Sample, samples: readonly Sample[], after: Sample): void {
  const columns = {
    before: [before],
    ...Object.fromEntries(thirds(samples).map((t, n) => [`third ${n + 1}`, t])),
    after: [after],
  };
  console.log(
    `\n${"mean".padEnd(20)}${Object.keys(columns)
      .map((name) => name.padStart(12))
      .join("")}`,
  );
  const row = (name: string, of: (sample: Sample) => number) => {
    const cells = Object.values(columns).map((part) => mean(part.map(of)).toFixed(1).padStart(12));
    console.log(`${name.padEnd(20)}${cells.join("")}`);
  };
  row("memory (RSS), MB", ({ rssBytes }) => rssBytes / 1e6);
  row("JavaScript heap, MB", ({ heapBytes }) => heapBytes / 1e6);
  row("external, MB", ({ externalBytes }) => externalBytes / 1e6);
  row("descriptors", ({ descriptors }) => descriptors);
  row("encoders", ({ encoders }) => encoders);
  row("HLS sessions", ({ sessions }) => sessions);
  row("cache, MB", ({ cacheBytes }) => cacheBytes / 1e6);
}
