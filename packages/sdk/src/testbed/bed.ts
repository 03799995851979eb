import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlayheadEvent } from "@playhead/protocol";
import type Hls from "hls.js";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Attach } from "../attach.js";
import type { AttachOptions, Handle } from "../options.js";
import { bundleSdk, readHlsJs } from "./bundle.js";
import { type Film, makeFilm } from "./fixture.js";
import { testPage } from "./page.js";
import { startServer, type TestServer } from "./server.js";

declare global {
  interface Window {
    bed: {
      video: HTMLVideoElement;
      hls: Hls;
      handle: Handle;
      attach: Attach;
      trace: [at: number, position: number][];
      seen: { type: string; at: number; position: number }[];
      clickedAt: number;
      errors: string[];
      open(options: AttachOptions, hlsConfig?: object | null): void;
      load(): void;
      on(type: string): Promise<Event>;
      hlsEvent(name: string): Promise<void>;
      played(seconds: number): Promise<void>;
    };
  }
}

/** A film played through hls.js in Chromium, the SDK beside it, and what it sends. */
export class TestBed {
  page!: Page;
  server!: TestServer;
  browser!: BrowserContext;
  /** The SDK as a page gets it. */
  sdkCode = "";
  /** What went wrong in the page. */
  complaints: string[] = [];
  #film: Film | undefined;
  #profile = "";

  async open(): Promise<void> {
    const [film, sdk, hls] = await Promise.all([makeFilm(), bundleSdk(), readHlsJs()]);
    this.#film = film;
    this.sdkCode = sdk;
    const pages = { "/": testPage, "/index.html": testPage, "/sdk.js": sdk, "/hls.js": hls };
    this.server = await startServer(film.folder, pages);
    this.#profile = await mkdtemp(join(tmpdir(), "playhead-sdk-profile-"));
    this.browser = await chromium.launchPersistentContext(this.#profile, {
      executablePath: "/usr/bin/chromium",
      headless: true,
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-quic",
        "--no-first-run",
        "--disable-component-update",
        "--disable-sync",
        "--mute-audio",
      ],
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
    await this.#film?.remove();
    await rm(this.#profile, { recursive: true, force: true });
  }

  async openPage(options: AttachOptions = {}, hlsConfig: object | null = {}): Promise<void> {
    await this.openBarePage();
    // What the page of the test before left behind is not this one's story.
    await this.page.evaluate(() => {
      localStorage.clear();
      return new Promise((done) => Object.assign(indexedDB.deleteDatabase("playhead"), { onsuccess: done }));
    });
    await this.page.evaluate(([options, hlsConfig]) => window.bed.open(options ?? {}, hlsConfig), [
      options,
      hlsConfig,
    ] as const);
  }

  /** Without the SDK attached. */
  async openBarePage(): Promise<void> {
    this.page = await this.browser.newPage();
    this.complaints = [];
    this.page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    this.page.on("pageerror", (error) => this.complaints.push(String(error)));
    await this.page.goto(`${this.server.origin}/index.html`);
  }

  async clickPlay(): Promise<void> {
    await this.page.click("#play");
    await this.page.evaluate(() => window.bed.played(0.3));
  }

  async stop(): Promise<PlayheadEvent[]> {
    await this.page.evaluate(() => window.bed.handle.stop());
    return this.server.events();
  }

  /** Each event once, none missing, in order. */
  expectOneStory(events: PlayheadEvent[]): void {
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
    const asideTypes = ["play_request", "request", "heartbeat", "custom", "error", "quality_change"];
    const times = events.filter(({ type }) => !asideTypes.includes(type)).map(({ ts }) => ts);
    expect(times.every((time, i) => time >= (times[i - 1] ?? 0))).toBe(true);
    expect([...this.server.copies().values()].every((count) => count === 1)).toBe(true);
  }
}

/** A bed for the tests of a file; each begins with the server as it was. */
export function useBed(): TestBed {
  const bed = new TestBed();
  beforeAll(() => bed.open());
  afterEach(async () => {
    await bed.page.close();
    bed.server.reset();
  });
  afterAll(() => bed.close());
  return bed;
}

export function ofType<T extends PlayheadEvent["type"]>(events: PlayheadEvent[], type: T) {
  return events.filter((event): event is Extract<PlayheadEvent, { type: T }> => event.type === type);
}
