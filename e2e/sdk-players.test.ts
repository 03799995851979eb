import { rm } from "node:fs/promises";
import path from "node:path";
import type { ViewReply } from "@playhead/protocol";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, launchBrowser } from "./browser.js";
import { ffmpeg } from "./fixtures/ffmpeg.js";
import { itemOf, playHls } from "./playlist.js";
import { mpdOf } from "./sdk-mpd.js";
import type { DriverName } from "./sdk-player-drivers.js";
import { openPlayerPage } from "./sdk-player-page.js";
import { eventually, type RunningService, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

const FILM = "Players.mp4";
const SECONDS = 60;

let service: RunningService;
let browser: Browser;
let context: BrowserContext;
let mediaDir: string;
let mediaId: string;
let codecs: readonly string[];

beforeAll(async () => {
  mediaDir = await temporaryFolder("sdk-players");
  await ffmpeg(
    ...["-f", "lavfi", "-t", String(SECONDS), "-i", "testsrc2=s=854x480:r=24,noise=alls=12:allf=t"],
    ...["-f", "lavfi", "-t", String(SECONDS), "-i", "sine=frequency=440:sample_rate=48000"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0", "-g", "48", "-sc_threshold", "0"],
    ...["-b:v", "2500k", "-maxrate", "3M", "-bufsize", "1M", "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"],
    path.join(mediaDir, FILM),
  );
  service = await startService({ mediaDir });
  browser = await launchBrowser();
  context = await browser.newContext();
  await (await context.newPage()).goto(service.signInLink);
  const item = await itemOf(service, FILM);
  mediaId = item.id;
  codecs = item.codecs;
});
afterAll(async () => {
  await browser.close();
  await service.stop();
  await rm(mediaDir, { recursive: true, force: true });
});

const viewOf = (viewId: string) =>
  eventually(async () => {
    const response = await service.fetch(`/api/v1/analytics/views/${viewId}`);
    if (!response.ok) return undefined;
    const view = (await response.json()) as ViewReply;
    return view.exit === "open" ? undefined : view;
  });

interface Told {
  readonly type: string;
  readonly durationMs?: number;
  readonly reason?: string;
  readonly kind?: string;
  readonly ttfbMs?: number;
  readonly waitMs?: number;
  readonly url?: string;
}

/** Asked for anew by each: nobody keeps it while a player of another source plays. */
const session = async () => (await playHls(service, mediaId, codecs)).master;
const hls = async () => (await session()).pathname;
const players: readonly {
  player: DriverName;
  of: "HLS" | "DASH";
  /** As the SDK names it; null where there is no library. */
  name: string | null;
  source: () => Promise<string>;
  /** It goes on by itself after requests that failed. Video.js drops the rung, and Chromium's own HLS gives up. */
  survivesCuts: boolean;
}[] = [
  { player: "hlsjs", of: "HLS", name: "hls.js", source: hls, survivesCuts: true },
  { player: "shaka", of: "HLS", name: "Shaka Player", source: hls, survivesCuts: true },
  {
    player: "dashjs",
    of: "DASH",
    name: "dash.js",
    source: async () => mpdOf(service, await session()),
    survivesCuts: true,
  },
  { player: "videojs", of: "HLS", name: "Video.js", source: hls, survivesCuts: false },
  { player: "native", of: "HLS", name: null, source: hls, survivesCuts: false },
];

/** Those of `lengths` that have no counterpart of their own among `others` within 100 ms. */
function unlike(lengths: readonly number[], others: readonly number[]): number[] {
  const left = [...others];
  return lengths.filter((ms) => {
    const at = left.findIndex((other) => Math.abs(other - ms) < 100);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe.each(players)("$player playing $of", ({ player, name, source, survivesCuts }) => {
  it("is measured as the viewer saw it", async () => {
    const url = await source();
    const watched = await openPlayerPage(context, service.origin, player, url, { mediaId });
    const hasLibrary = name !== null;
    await watched.play();
    if (survivesCuts) await watched.cut(800);
    if (hasLibrary) await watched.choke(600);
    else await watched.starve(33, 500);
    const targets = [30, 8, 44, 2, 51, 20, 37, 12, 48, 25];
    for (const target of targets) await watched.seek(target);
    if (hasLibrary) await watched.change();
    await watched.end();
    const truth = await watched.measured();
    const view = await viewOf(watched.viewId);
    const events: readonly Told[] = view.events;
    const told = (type: string) => events.filter((event) => event.type === type);

    expect(truth.problems).toEqual([]);
    expect(Math.abs((view.startupMs ?? Number.NaN) - (truth.startupMs ?? Number.NaN))).toBeLessThan(50);
    // Those made here last longer. One at the threshold of 250 ms may be on either side of it by a frame.
    const plain = (ms: number) => ms >= 400;
    const counted = told("rebuffer_end").flatMap(({ durationMs = 0 }) => (durationMs >= 250 ? [durationMs] : []));
    const stalls = truth.stallsMs.filter(plain);
    const story = JSON.stringify({ seen: truth, told: events.filter(({ type }) => !/request|heart/.test(type)) });
    expect(stalls.length, story).toBeGreaterThanOrEqual(survivesCuts ? 2 : 1);
    expect(unlike(stalls, counted), story).toEqual([]);
    expect(unlike(counted.filter(plain), truth.stallsMs), story).toEqual([]);
    expect(view.rebufferCount).toBe(counted.length);
    // The ten, the one to the end, and the one to where nothing was.
    expect(view.seekCount).toBe(targets.length + (hasLibrary ? 1 : 2));
    expect(view.switches).toBe(truth.sizes - 1);
    expect(told("quality_change")[0]?.reason).toBe("initial");
    expect(view.exit).toBe("ended");
    expect(told("end")).toHaveLength(1);
    expect(view.playerName).toBe(name);
    expect(view.decodedFrames).toBeGreaterThan(50);

    await watched.page.close();
    if (!hasLibrary) return;
    expect(told("quality_change").at(-1)?.reason).toBe("manual");
    expect(view.averageBitrateBps).toBeGreaterThan(100_000);
    const requests = told("request");
    const media = requests.filter(({ kind }) => kind === "segment");
    expect(media.length).toBeGreaterThan(20);
    const timed = media.filter(({ ttfbMs = Number.NaN, durationMs = Number.NaN }) => ttfbMs <= durationMs);
    expect(timed).toEqual(media);
    expect(media.some(({ waitMs = 0 }) => waitMs > 0) || media.every(({ waitMs }) => waitMs !== undefined)).toBe(true);
    if (player !== "dashjs") {
      const playlists = requests.filter(({ kind }) => kind === "playlist");
      expect(playlists[0]).toMatchObject({ ttfbMs: expect.any(Number), url: expect.stringMatching(/index\.m3u8$/) });
      expect(told("load")[0]?.url).toBe(`${service.origin}${url}`);
    }
  }, 60_000);
});
