import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen, type StreamingMessages } from "./channels.js";
import { films, makeFilms } from "./testing/films.js";
import { heard } from "./testing/heard.js";
import { startTestService, type TestService, type TestServiceOptions } from "./testing/test-service.js";
import { wrappedFfmpeg } from "./testing/wrapped-ffmpeg.js";

const nothing = /^$/;
let folder: string;
let remove: () => Promise<void>;
let service: TestService;
let waits: StreamingMessages["playhead:encoder.wait"][];
let stopListening: () => void;
let removeWrapper: (() => Promise<void>) | undefined;

beforeAll(async () => {
  ({ folder, remove } = await makeFilms("long"));
});
afterAll(() => remove());
beforeEach(() => {
  waits = [];
  stopListening = listen("playhead:encoder.wait", (message) => {
    if (message.kind === "video") waits.push(message);
  });
});
afterEach(async () => {
  stopListening();
  await service.stop();
  await removeWrapper?.();
  removeWrapper = undefined;
});

const start = async (options: TestServiceOptions) => {
  service = await startTestService({ long: path.join(folder, films.long.file) }, options);
};
const picture = async (user: string, positionMs: number) => {
  const { playlists } = await service.play("long", nothing, { user, positionMs });
  const video = playlists.find(({ kind }) => kind === "video");
  if (video === undefined) throw new Error("There is no picture");
  const first = video.boundaries.findLastIndex((boundary) => boundary * 1000 <= positionMs);
  const get = (index: number) => service.fetch(`${video.base}/${index}.m4s`, { user });
  return { boundaries: video.boundaries, first, get };
};

/** Plays in real time with a buffer as players keep it. @returns how long it stood still after its first picture, ms. */
async function watch(user: string, positionMs: number, forMs: number, onFull: () => void = () => {}): Promise<number> {
  const bufferS = 10;
  const { boundaries, first, get } = await picture(user, positionMs);
  let startedAt = 0;
  let stalledMs = 0;
  for (let index = first; ; index++) {
    const response = await get(index);
    if (response.status !== 200) throw new Error(`${user}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
    const now = performance.now();
    if (index === first) startedAt = now;
    const playedMs = now - startedAt - stalledMs;
    const neededMs = ((boundaries[index] ?? 0) - (boundaries[first] ?? 0)) * 1000;
    if (playedMs > neededMs) stalledMs += playedMs - neededMs;
    if (now - startedAt >= forMs) return stalledMs;
    const aheadMs = ((boundaries[index + 1] ?? 0) - (boundaries[first] ?? 0)) * 1000 - (now - startedAt - stalledMs);
    if (aheadMs >= bufferS * 1000) {
      onFull();
      await delay(aheadMs - bufferS * 1000 + 50);
    }
  }
}

describe("two viewers and one encoder", () => {
  it("are both served before they run dry, and the machine never encodes for two at once", async () => {
    await start({ maxEncoders: 1, limits: { lookAheadS: 6 } });
    let most = 0;
    const stop = listen("playhead:ffmpeg.segment", () => {
      most = Math.max(most, service.streaming.stats().encoder.videoEncoders);
    });
    let ann = Promise.resolve(0);
    await new Promise<void>((resolve) => {
      ann = watch("ann", 0, 14_000, resolve);
    });
    const bob = watch("bob", 150_000, 8000);
    const stalls = await Promise.all([ann, bob]);
    stop();
    expect(stalls).toEqual([0, 0]);
    expect(most).toBe(1);
    expect(waits.filter(({ outcome }) => outcome === "granted").length).toBeGreaterThan(0);
  });

  it("who is too slow for both: the newcomer is told why, and the one who plays does not notice", async () => {
    // As fast as one viewer watches, and no faster.
    const { command, remove } = await wrappedFfmpeg(`exec ffmpeg -re "$@"`);
    removeWrapper = remove;
    await start({ maxEncoders: 1, ffmpeg: command, limits: { slotWaitMs: 400 } });
    const ann = await picture("ann", 0);
    const measured = heard("playhead:ffmpeg.segment", ({ kind, index }) => kind === "video" && index === 2);
    await ann.get(0);
    await measured;
    const bob = await picture("bob", 150_000);
    const refused = await bob.get(bob.first);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await refused.json()).toMatchObject({
      error: { code: "busy", message: expect.stringContaining("without holding up those who watch") },
    });
    expect(waits).toContainEqual(expect.objectContaining({ priority: "playing", outcome: "busy" }));
    expect((await ann.get(3)).status).toBe(200);
  });
});
