import type Hls from "hls.js";
import { expect, it } from "vitest";
import { ofType, useBed } from "./testbed/bed.js";
import { bundleSdk } from "./testbed/bundle.js";

const bed = useBed();

declare global {
  interface Window {
    Hls: typeof Hls;
  }
}
/** As the script sets it. */
declare const TelemetryPlugin: new (hls: Hls, video: HTMLVideoElement, viewerId: string) => unknown;

it("watches a page that was written for seed 003's script", async () => {
  await bed.openBarePage();
  await bed.page.addScriptTag({ content: await bundleSdk("telemetry-plugin-script") });
  await bed.page.evaluate(async () => {
    const { video: videoElement } = window.bed;
    const hls = new window.Hls({ startLevel: 0 });
    hls.loadSource("/media/master.m3u8");
    hls.attachMedia(videoElement);
    // The line as it stands in the seed.
    const telemetry = new TelemetryPlugin(hls, videoElement, "viewer123");
    Object.assign(window, { telemetry });
    videoElement.muted = true;
    await videoElement.play();
    await window.bed.played(0.5);
    hls.nextLevel = 1;
    await new Promise<void>((resolve) => hls.once(window.Hls.Events.LEVEL_SWITCHED, () => resolve()));
    videoElement.pause();
    await window.bed.on("pause");
  });
  await bed.page.close({ runBeforeUnload: true });
  await bed.server.stored(({ type }) => type === "end");

  const events = bed.server.events();
  bed.expectOneStory(events);
  const contexts = bed.server.batches.map(({ context }) => context);
  expect(new Set(contexts.map(({ viewerId }) => viewerId))).toEqual(new Set(["viewer123"]));
  expect(new Set(contexts.map(({ viewId }) => viewId)).size).toBe(1);
  expect(contexts[0]?.player?.name).toBe("hls.js");
  expect(ofType(events, "play")).toHaveLength(1);
  expect(ofType(events, "pause")).toHaveLength(1);
  expect(ofType(events, "quality_change").map(({ reason }) => reason)).toEqual(["initial", "manual"]);
  expect(ofType(events, "request").some(({ kind, ttfbMs }) => kind === "playlist" && ttfbMs !== undefined)).toBe(true);
  expect(ofType(events, "first_frame")[0]?.startupMs).toBeLessThan(2_000);
  const [end] = ofType(events, "end");
  expect(end?.watchMs).toBeGreaterThan(400);
  expect(end?.decodedFrames).toBeGreaterThan(5);
  expect(end?.bufferMs).toBeGreaterThan(0);
  expect(bed.complaints).toEqual([]);
});
