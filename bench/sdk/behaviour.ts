import type { Browser } from "playwright-core";
import { type BenchPage, openBench } from "./bench-page.js";
import { type Fact, factsOf, stallsOf } from "./facts.js";
import type { Peer } from "./peers.js";
import type { Fate, World } from "./world.js";

/** What one SDK makes of the same events. */
export interface Behaviour {
  /** Told less true length of one stall, ms; NaN: not told. */
  readonly stallErrorMs: number;
  /** Into how many the one stall was split. */
  readonly stallPieces: number;
  /** Stalls told of while there were only seeks. */
  readonly seeksAsStalls: number;
  /** How often what was known when the tab was closed has come: 0, 1, … */
  readonly finalBatches: number;
  /** Facts that never were stored. */
  readonly lost: number;
  /** Facts that were stored more than once, and have no number of their own by which a collector could tell. */
  readonly doubled: number;
  /** … and have one. */
  readonly repeated: number;
  /** Facts in all, stored or not. */
  readonly facts: number;
}

const SEEKS = [30, 8, 20] as const;
const SEEK_HOLD_MS = 700;
const STALL_HOLD_MS = 3_000;
const FAILURE_MS = 5_000;
/** Longest wait for what an SDK still repeats, and how long none of it must come, ms. */
const SETTLE_MS = 25_000;
const SILENCE_MS = 6_000;
/** A little ahead, so that a held segment soon stops playback. */
const settings = { maxBufferLength: 4, maxMaxBufferLength: 4 };

/** Plays the scenario in a page of its own. */
export async function observeBehaviour(browser: Browser, world: World, peer: Peer): Promise<Behaviour> {
  const bench = await openBench(browser, world);
  const from = world.reports.length;
  const reports = () =>
    world.reports.slice(from).filter(({ host, method }) => peer.collector.test(host) && method !== "OPTIONS");
  try {
    await bench.start(peer, settings);
    await bench.page.evaluate(() => window.bench.watch());
    await bench.played(4);

    const seeking = Date.now();
    for (const to of SEEKS) await seek(bench, world, to);
    const seeked = Date.now();
    await playOn(bench, 2);

    const stalling = Date.now();
    const trueMs = await stall(bench, world);
    await playOn(bench, 2);
    const stalled = Date.now();

    await fail(bench, world, peer, () => reports().length);

    const closedAt = Date.now();
    const before = reports().length;
    await bench.page.close({ runBeforeUnload: true });
    await pause(2_000);

    const facts = factsOf(peer.wire, reports());
    const within = (start: number, end: number) =>
      stallsOf(distinct(facts)).filter(({ at }) => at >= start - 100 && at < end);
    const told = within(stalling, stalled);
    return {
      stallErrorMs: told.length === 0 ? Number.NaN : told.reduce((sum, { ms }) => sum + ms, 0) - trueMs,
      stallPieces: told.length,
      seeksAsStalls: within(seeking, seeked).length,
      finalBatches: finals(factsOf(peer.wire, reports().slice(before)), closedAt),
      ...counts(
        peer,
        facts,
        factsOf(
          peer.wire,
          reports().filter(({ stored }) => stored),
        ),
      ),
    };
  } finally {
    world.fate = () => "store";
    await bench.close();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function playOn(bench: BenchPage, seconds: number): Promise<void> {
  const now = await bench.page.evaluate(() => window.bench.video.currentTime);
  await bench.played(now + seconds);
}

/** A seek to where nothing is buffered, with a network that takes a while. */
async function seek(bench: BenchPage, world: World, to: number): Promise<void> {
  const release = world.hold();
  await bench.page.evaluate((to) => void (window.bench.video.currentTime = to), to);
  await pause(SEEK_HOLD_MS);
  release();
  await bench.played(to + 1);
}

/** Lets playback run dry and go on. Resolves with how long the playhead stood, as seen at every frame, ms. */
async function stall(bench: BenchPage, world: World): Promise<number> {
  const release = world.hold();
  const since = await bench.page.evaluate(() => performance.now());
  await bench.page.evaluate(
    () => new Promise((resolve) => window.bench.video.addEventListener("waiting", resolve, { once: true })),
  );
  await pause(STALL_HOLD_MS);
  release();
  await playOn(bench, 0.5);
  const trace = await bench.page.evaluate(() => window.bench.trace);
  let longest = 0;
  let first: readonly [number, number] | undefined;
  for (const sample of trace) {
    if (sample[0] < since) continue;
    if (first === undefined || sample[1] !== first[1]) {
      if (first) longest = Math.max(longest, sample[0] - first[0]);
      first = sample;
    }
  }
  if (longest < STALL_HOLD_MS) throw new Error(`Playback stood for ${longest} ms only`);
  return longest;
}

/** The collector answers 500 for 5 s; then it breaks one connection before it stores, and one after; then all is well. */
async function fail(bench: BenchPage, world: World, peer: Peer, count: () => number): Promise<void> {
  const rest: Fate[] = ["reset-before", "reset-after"];
  let failing = true;
  world.fate = (host) => {
    if (!peer.collector.test(host)) return "store";
    return failing ? "fail" : (rest.shift() ?? "store");
  };
  const interact = () =>
    bench.page.evaluate(async () => {
      const { video } = window.bench;
      video.pause();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await video.play();
    });
  const began = performance.now();
  while (performance.now() - began < FAILURE_MS) {
    await interact();
    await pause(1_000);
  }
  failing = false;
  await interact();
  await pause(1_000);
  await interact();
  // Until it has met both broken connections and has nothing more to say.
  const deadline = performance.now() + SETTLE_MS;
  let seen = count();
  let quietSince = performance.now();
  while (performance.now() < deadline && (rest.length > 0 || performance.now() - quietSince < SILENCE_MS)) {
    await pause(200);
    if (count() === seen) continue;
    seen = count();
    quietSince = performance.now();
  }
}

const distinct = (facts: readonly Fact[]): Fact[] => [...new Map(facts.map((fact) => [fact.id, fact])).values()];

/** Most copies of any fact that is no older than the moment of closing. */
function finals(facts: readonly Fact[], closedAt: number): number {
  const copies = copiesOf(facts.filter(({ at, kind }) => kind === "end" || at >= closedAt - 500));
  return Math.max(0, ...copies.values());
}

function copiesOf(facts: readonly Fact[]): Map<string, number> {
  const copies = new Map<string, number>();
  for (const { id } of facts) copies.set(id, (copies.get(id) ?? 0) + 1);
  return copies;
}

function counts(peer: Peer, all: readonly Fact[], stored: readonly Fact[]) {
  const copies = copiesOf(stored);
  const numbers = all.flatMap(({ seq }) => seq ?? []);
  // Numbers that never came are facts that were given up before they were sent.
  const expected = numbers.length > 0 ? Math.max(...numbers) - Math.min(...numbers) + 1 : copiesOf(all).size;
  const more = [...copies.values()].filter((count) => count > 1).length;
  const isNumbered = numbers.length > 0;
  return {
    facts: expected,
    lost: Math.max(0, expected - copies.size),
    doubled: isNumbered ? 0 : more,
    repeated: isNumbered ? more : 0,
  };
}
