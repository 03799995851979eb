import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { PlayerAnalyticsConnector } from "@eyevinn/player-analytics-client-sdk-web";
import type { ViewReply } from "@playhead/protocol";
import { build } from "vite";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { type Browser, launchBrowser } from "./browser.js";
import { films } from "./fixtures/library.js";
import { eventually, type RunningService, startService } from "./service.js";

declare global {
  interface Window {
    Eyevinn: { PlayerAnalyticsConnector: typeof PlayerAnalyticsConnector };
    connector: PlayerAnalyticsConnector;
  }
}

const INGEST_KEY = "a-key-for-players";
let service: RunningService;
let site: { readonly origin: string; close(): Promise<void> };
let browser: Browser;

beforeAll(async () => {
  [service, site, browser] = await Promise.all([
    startService({ mediaDir: inject("mediaDir"), env: { PLAYHEAD_INGEST_KEY: INGEST_KEY } }),
    openSite(),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await service.stop();
});

/** The client as a page's bundler takes it from npm. */
async function bundleClient(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      lib: {
        entry: path.resolve(
          import.meta.dirname,
          "../node_modules/@eyevinn/player-analytics-client-sdk-web/dist/module.js",
        ),
        formats: ["iife"],
        name: "Eyevinn",
        fileName: "client",
      },
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (!bundle || !("output" in bundle)) throw new Error("vite made no bundle");
  return bundle.output[0].code;
}

/** Somebody else's site, with its own film. */
async function openSite() {
  const page = '<!doctype html><link rel="icon" href="data:,"><video muted></video><script src="/client.js"></script>';
  const files: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
    "/": ["text/html", page],
    "/client.js": ["text/javascript", await bundleClient()],
    "/film.mp4": ["video/mp4", await readFile(path.join(inject("mediaDir"), films.mp4.file))],
  };
  const server = http.createServer((request, response) => {
    const [type, body] = files[request.url ?? ""] ?? ["text/plain", "Not here"];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

it("takes what Eyevinn's own client sends from another site, and folds it into a view", async () => {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(site.origin);
  const sessionId = "eyevinn-view-1";
  const measured = await page.evaluate(
    async ([sink, sessionId]) => {
      const video = document.querySelector("video")!;
      const on = (type: string) => new Promise((resolve) => video.addEventListener(type, resolve, { once: true }));
      const played = async (seconds: number) => {
        for (const from = video.currentTime; video.currentTime < from + seconds; ) await on("timeupdate");
      };
      const connector = new window.Eyevinn.PlayerAnalyticsConnector(sink);
      window.connector = connector;
      await connector.init({ sessionId, heartbeatInterval: 500 });
      connector.load(video);
      const loadAt = performance.now();
      connector.reportMetadata({ contentId: "their-film", userId: "their-viewer", live: false });
      // As a blob, so that the whole of it can be seeked in.
      video.src = URL.createObjectURL(await (await fetch("/film.mp4")).blob());
      const playing = on("playing");
      await video.play();
      await playing;
      const startedAt = performance.now();
      connector.reportBitrateChange({ bitrate: 800, width: 320, height: 180 });
      await played(1.5);
      video.pause();
      const pausedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 700));
      const resumed = on("playing");
      await video.play();
      await resumed;
      const resumedAt = performance.now();
      const seeked = on("seeked");
      video.currentTime = 17;
      await seeked;
      connector.reportWarning({ code: "W1", category: "NETWORK", message: "slow" });
      await on("ended");
      return { startupMs: startedAt - loadAt, pauseMs: resumedAt - pausedAt };
    },
    [`${service.origin}/telemetry?key=${INGEST_KEY}`, sessionId] as const,
  );

  const view = await eventually(async () => {
    const response = await service.fetch(`/api/v1/analytics/views/${sessionId}`);
    const found = response.ok ? ((await response.json()) as ViewReply) : undefined;
    return found?.exit === "ended" ? found : undefined;
  });
  expect(view).toMatchObject({
    mediaId: "their-film",
    viewerId: "their-viewer",
    rebufferCount: 0,
    seekCount: 1,
    errorCount: 1,
    errorCode: "W1",
    averageBitrateBps: 800_000,
    positionMs: 20_000,
  });
  expect(Math.abs((view.startupMs ?? Number.NaN) - measured.startupMs)).toBeLessThan(50);
  expect(Math.abs((view.pauseMs ?? Number.NaN) - measured.pauseMs)).toBeLessThan(50);
  expect(Math.abs((view.playingMs ?? Number.NaN) - 4500)).toBeLessThan(700);
  expect(new Set(view.events.map(({ id }) => id)).size).toBe(view.events.length);
  expect(problems).toEqual([]);
  await page.close();
});

it("names the session that a client opens without a name", async () => {
  const page = await browser.newPage();
  await page.goto(site.origin);
  const reply = await page.evaluate(async (sink) => {
    const { PlayerAnalytics } = window.Eyevinn as unknown as typeof import("@eyevinn/player-analytics-client-sdk-web");
    const analytics = new PlayerAnalytics(sink);
    return await analytics.initiateAnalyticsReporter({});
  }, `${service.origin}/telemetry?key=${INGEST_KEY}`);
  expect(reply.sessionId).toMatch(/^[0-9a-f-]{36}$/);
  await eventually(async () =>
    (await service.fetch(`/api/v1/analytics/views/${reply.sessionId}`)).ok ? true : undefined,
  );
  await page.close();
});
