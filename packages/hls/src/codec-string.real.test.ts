import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codecStringFromFacts } from "./codec-string.js";
import { h264Level } from "./h264-level.js";

let context: BrowserContext;
let page: Page;
let profile: string;

beforeAll(async () => {
  profile = await mkdtemp(path.join(os.tmpdir(), "playhead-browser-"));
  context = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--headless",
      "--disable-background-networking",
      "--disable-quic",
      "--no-first-run",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  page = await context.newPage();
});
afterAll(async () => {
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

const plays = (type: string) => page.evaluate<boolean>(`MediaSource.isTypeSupported(${JSON.stringify(type)})`);
const opens = (type: string) =>
  page.evaluate<string>(`document.createElement("video").canPlayType(${JSON.stringify(type)})`);

describe("Chromium understands", () => {
  it.each([
    { codec: "h264", profile: "High", level: 40 },
    { codec: "h264", profile: "Constrained Baseline", level: 30 },
    { codec: "vp9", profile: "Profile 0", width: 1920, height: 1080, fps: 24 },
    { codec: "vp9", profile: "Profile 2", bitDepth: 10, width: 1920, height: 1080, fps: 24 },
    { codec: "av1", profile: "Main", level: 8, bitDepth: 10 },
    { codec: "aac", profile: "LC" },
    { codec: "aac", profile: "HE-AACv2" },
    { codec: "opus" },
    { codec: "flac" },
  ])("the string for $codec $profile in fragmented MP4", async (facts) => {
    expect(await plays(`video/mp4; codecs="${codecStringFromFacts(facts) ?? ""}"`)).toBe(true);
  });

  it.each(["vp8", "vorbis"])("the string for %s in WebM", async (codec) => {
    expect(await plays(`video/webm; codecs="${codecStringFromFacts({ codec }) ?? ""}"`)).toBe(true);
  });

  it("the string for MP3 in an MP4 file, though it takes none of its names in fragments", async () => {
    expect(await opens('video/mp4; codecs="mp3"')).toBe("probably");
    expect(await opens('video/mp4; codecs="mp4a.40.34"')).toBe("");
    expect(await plays('video/mp4; codecs="mp3"')).toBe(false);
  });

  it.each([
    [320, 180, 24, 5e5],
    [1920, 1080, 24, 7e6],
    [1920, 1080, 60, 17e6],
  ])("what a transcode to %i×%i at %i fps promises", async (width, height, fps, bitrate) => {
    expect(await plays(`video/mp4; codecs="${h264Level(width, height, fps, bitrate).codecString}"`)).toBe(true);
  });
});
