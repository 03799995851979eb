import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import type { PlaybackLinkReply, ViewReply } from "@playhead/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BarePlayer, serveBarePlayers } from "./bare-player-page.js";
import { type Browser, launchBrowser } from "./browser.js";
import { type CmcdMode, openCmcd } from "./cmcd-page.js";
import { aac, bFrames, type Film, h264, picture, sound } from "./fixtures/film.js";
import { makeFilms } from "./fixtures/make.js";
import { itemOf } from "./playlist.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

/**
 * Players that nobody here wrote, on a page of another site, tell what they saw by CMCD alone; the page holds a measure of
 * its own against it. What tells only of requests plays at once, as it waits more than it works; the one that measures plays alone.
 */
const film = {
  file: "Told.mkv",
  hasAudio: true,
  inChromium: "copy",
  rate: { num: 25, den: 1 },
  size: [320, 180],
  args: [...picture("25", 58, "320x180"), ...sound(58), ...h264(50, ...bFrames), ...aac],
} as const satisfies Film;
/** Each out of what is buffered by then, the last near the end. */
const SEEKS_S = [30, 12, 42, 56] as const;
const SDK = path.resolve(import.meta.dirname, "../packages/sdk/dist/playhead.js");
const INGEST_KEY = "an-ingest-key";

interface WayOf {
  readonly player: BarePlayer;
  readonly version: 1 | 2;
  readonly useHeaders?: boolean;
  readonly events?: boolean;
  /** The SDK watches the same playback, as a view of its own. */
  readonly sdk?: boolean;
}

const ways = {
  "hls.js, version 1 in the query": { player: "hls.js", version: 1 },
  "hls.js, version 1 in headers": { player: "hls.js", version: 1, useHeaders: true },
  "hls.js, version 2 in the query": { player: "hls.js", version: 2 },
  "hls.js, version 2 in headers": { player: "hls.js", version: 2, useHeaders: true },
  "hls.js, version 2 in the event mode": { player: "hls.js", version: 2, events: true, sdk: true },
  "Shaka Player, version 1 in the query": { player: "Shaka Player", version: 1 },
  "Shaka Player, version 2 in the event mode": { player: "Shaka Player", version: 2, events: true },
} as const satisfies Record<string, WayOf>;
type Way = keyof typeof ways;
const isWay = (name: string): name is Way => Object.hasOwn(ways, name);
const names = Object.keys(ways).filter(isWay);
const byRequest = names.filter((name) => !("events" in ways[name]));
/** Its times are the player's own, and are held against two other measures of the same. */
const MEASURED = "hls.js, version 2 in the event mode";

interface Watched {
  readonly view: ViewReply;
  /** What the SDK measured of the same. */
  readonly beside: ViewReply | undefined;
  readonly startupMs: number;
  readonly stallsMs: readonly number[];
  readonly watchMs: number;
}

let mediaDir: string;
let sdk: string;
let service: RunningService;
let elsewhere: Awaited<ReturnType<typeof serveBarePlayers>>;
let browser: Browser;
const watched = new Map<Way, Watched>();

beforeAll(async () => {
  mediaDir = await temporaryFolder("cmcd");
  await makeFilms(mediaDir, { film });
  service = await startService({ mediaDir, env: { PLAYHEAD_INGEST_KEY: INGEST_KEY } });
  elsewhere = await serveBarePlayers();
  sdk = await readFile(SDK, "utf8");
  browser = await launchBrowser();
  const item = await itemOf(service, film.file);
  const play = async (name: Way) => watched.set(name, await watch(name, item.id));
  // Two at once, no more: a player that gets no turn reports late, or nothing of what it saw.
  const rest = names.filter((name) => name !== MEASURED);
  for (let i = 0; i < rest.length; i += 2) await Promise.all(rest.slice(i, i + 2).map(play));
  await play(MEASURED);
});
afterAll(async () => {
  await browser?.close();
  await elsewhere?.close();
  await service?.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

/** Starts, runs dry once, is sought in, ends. */
async function watch(name: Way, mediaId: string): Promise<Watched> {
  const way: WayOf = ways[name];
  const { url } = await service.json<PlaybackLinkReply>(`/api/v1/media/${mediaId}/link`, { method: "POST" });
  const sessionId = crypto.randomUUID();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${elsewhere.origin}/${encodeURIComponent(way.player)}`);
    const collector = `${service.origin}/api/v1/cmcd?key=${INGEST_KEY}`;
    const mode: CmcdMode = {
      version: way.version,
      useHeaders: way.useHeaders ?? false,
      ...(way.events ? { collector } : {}),
    };
    let cut: Promise<void> | undefined;
    await page.route(/\.m4s/, async (route) => {
      await cut;
      await route.continue();
    });
    if (way.sdk) await page.addScriptTag({ content: sdk });
    const sdkKey = way.sdk
      ? { endpoint: `${service.origin}/telemetry`, key: INGEST_KEY, viewId: `sdk-${sessionId}` }
      : null;
    await openCmcd(page, { player: way.player, url: new URL(url, service.origin).href, sessionId, mode, sdk: sdkKey });
    await page.evaluate(() => window.cmcd.played(0.5));
    let mend = () => {};
    cut = new Promise((resolve) => (mend = resolve));
    await page.evaluate(() => window.cmcd.stands(1_200));
    mend();
    await page.evaluate(() => window.cmcd.played(0.7));
    for (const to of SEEKS_S) await page.evaluate((s) => window.cmcd.seek(s), to);
    const measured = await page.evaluate(() => window.cmcd.ended());
    expect([name, measured.errors]).toEqual([name, []]);
    await page.evaluate(() => window.cmcd.destroy());
    const isOver = (found: ViewReply) => !way.events || found.exit === "ended" || found.source !== "cmcd";
    const view = await viewOf(sessionId, isOver);
    const beside = way.sdk ? await viewOf(`sdk-${sessionId}`, ({ exit }) => exit === "ended") : undefined;
    return { view, beside, ...measured };
  } finally {
    await context.close();
  }
}

const viewOf = (id: string, wanted: (view: ViewReply) => boolean) =>
  eventually(async () => {
    const reply = await service.fetch(`/api/v1/analytics/views/${id}`);
    if (!reply.ok) return undefined;
    const found: ViewReply = await reply.json();
    return wanted(found) ? found : undefined;
  });

const of = (name: Way): Watched => {
  const found = watched.get(name);
  if (!found) throw new Error(`${name} was not watched`);
  return found;
};
const near = (value: number | null, expected: number, within: number) =>
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThanOrEqual(within);

/** This film has one rendition. */
const BITRATES_BPS = [200_000, 500_000] as const;

describe.each(byRequest)("%s", (name) => {
  it("gives a view of what was taken, its one stall and no stall of its seeks, joined to our timing", () => {
    const { view } = of(name);
    expect(view, JSON.stringify(view.events)).toMatchObject({
      source: "cmcd-request",
      mediaId: expect.any(String),
      hlsSessionId: expect.any(String),
      delivery: "copy",
      rebufferCount: 1,
      switches: 0,
    });
    expect(view.averageBitrateBps).toBeGreaterThan(BITRATES_BPS[0]);
    expect(view.averageBitrateBps).toBeLessThan(BITRATES_BPS[1]);
    const told: readonly Record<string, unknown>[] = view.events.map((event) => ({ ...event }));
    const segments = told.filter(({ kind, mediaType }) => kind === "segment" && mediaType === "video");
    // A seek gives up what is on its way.
    const answered = segments.filter(({ status }) => status !== 499);
    expect(answered.length).toBeGreaterThan(6);
    for (const segment of answered) {
      expect(segment).toMatchObject({ waitMs: expect.any(Number), segment: expect.any(Number), status: 200 });
      expect(segment["bytes"]).toBeGreaterThan(1_000);
    }
  });

  it("calls unknown what requests can't tell, and never nought", () => {
    const { view } = of(name);
    const unknown = ["watchMs", "playingMs", "pauseMs", "rebufferMs", "seekCount", "seekMs", "droppedFrames"] as const;
    for (const metric of [...unknown, "decodedFrames", "seedScore"] as const)
      expect([metric, view[metric]]).toEqual([metric, null]);
    expect(view.unknown).toEqual(expect.arrayContaining([...unknown, "startupMs"]));
  });
});

describe(MEASURED, () => {
  const name = MEASURED;

  it("gives the view that the page saw", () => {
    const { view, startupMs, stallsMs, watchMs } = of(name);
    expect(view).toMatchObject({
      source: "cmcd",
      rebufferCount: 1,
      seekCount: SEEKS_S.length,
      exit: "ended",
      pauseMs: 0,
    });
    expect(stallsMs).toHaveLength(1);
    near(view.rebufferMs, stallsMs[0] ?? Number.NaN, 100);
    near(view.startupMs, startupMs, 100);
    near(view.watchMs, watchMs, 250);
    expect(view.averageBitrateBps).toBeGreaterThan(BITRATES_BPS[0]);
    expect(view).toMatchObject({
      droppedFrames: null,
      decodedFrames: null,
      unknown: ["droppedFrames", "decodedFrames"],
    });
  });

  it("lies near what the SDK measures of the same playback", () => {
    const { view, beside } = of(name);
    expect(beside).toMatchObject({ source: "sdk", rebufferCount: 1, seekCount: SEEKS_S.length, exit: "ended" });
    if (!beside) return;
    process.stdout.write(table(view, beside));
    near(view.startupMs, beside.startupMs ?? Number.NaN, 100);
    near(view.watchMs, beside.watchMs ?? Number.NaN, 250);
    near(view.rebufferMs, beside.rebufferMs ?? Number.NaN, 100);
    near(view.averageBitrateBps, beside.averageBitrateBps ?? Number.NaN, 1_000);
  });

  it("keeps no signature of the link that it was played through", () => {
    expect(JSON.stringify(of(name).view)).not.toMatch(/~\d+~[\w-]{43}/);
  });
});

/** Both views of one playback, a metric a line. */
function table(view: ViewReply, sdkView: ViewReply): string {
  const metrics = [
    ...["startupMs", "watchMs", "playingMs", "rebufferCount", "rebufferMs", "seekCount", "seekMs", "pauseMs"],
    ...["averageBitrateBps", "switches", "droppedFrames", "decodedFrames", "exit", "seedScore"],
  ] as const;
  const show = (value: unknown) =>
    (typeof value === "number" || typeof value === "string" ? String(value) : "unknown").padStart(10);
  const line = (metric: string) => {
    const [cmcd, own]: unknown[] = [Reflect.get(view, metric), Reflect.get(sdkView, metric)];
    const apart = typeof cmcd === "number" && typeof own === "number" ? Math.round((cmcd - own) * 10) / 10 : "";
    return `${metric.padEnd(20)}${show(own)}${show(cmcd)}${String(apart).padStart(10)}\n`;
  };
  return `\n${"".padEnd(20)}${show("SDK")}${show("CMCD")}${"apart".padStart(10)}\n${metrics.map(line).join("")}`;
}

describe("Shaka Player, version 2 in the event mode", () => {
  it("gives what its reports tell: it measures its start, and sends no states", () => {
    const { view, startupMs } = of("Shaka Player, version 2 in the event mode");
    const told = { rebufferCount: 1, watchMs: null, seekCount: null };
    expect(view, JSON.stringify(view.events)).toMatchObject(told);
    // It is ready before the first frame is seen: long before, where others play on the same machine.
    expect(view.startupMs).toBeGreaterThan(0);
    expect(view.startupMs).toBeLessThan(startupMs + 100);
    expect(view.events.some(({ type, source }) => type === "state_change" && source === "cmcd")).toBe(false);
  });
});
