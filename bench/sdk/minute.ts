import type { Browser, CDPSession } from "playwright-core";
import { openBench } from "./bench-page.js";
import { longestTaskMs } from "./longest-task.js";
import { ownScriptMs } from "./own-script.js";
import type { Peer } from "./peers.js";
import type { World } from "./world.js";

/** What one minute of watching costs, from loading the SDK on. */
export interface Minute {
  /** CPU time of the main thread in scripts, the player's included, ms. */
  readonly scriptMs: number;
  /** Of it in the SDK's own functions and what they call, by a sampling profiler, ms. */
  readonly ownMs: number;
  /** … in all tasks, ms. */
  readonly taskMs: number;
  /** CPU time of the main thread's longest task, ms. */
  readonly longestMs: number;
  /** After a collection of garbage, bytes. */
  readonly heapBytes: number;
  readonly requests: number;
  readonly sentBytes: number;
  /** Frames that the browser showed too late or never. */
  readonly droppedFrames: number;
}

/** A page of its own watches the film for a minute, with one SDK or with none. */
export async function watchMinute(
  browser: Browser,
  world: World,
  peer: Peer | undefined,
  seconds = 60,
): Promise<Minute> {
  const page = await openBench(browser, world);
  try {
    const cdp = await page.page.context().newCDPSession(page.page);
    // The thread's own clock: what else the machine does meanwhile is not counted.
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const before = await metrics(cdp);
    const firstReport = world.reports.length;
    let ownMs = 0;
    const longestMs = await longestTaskMs(browser, async () => {
      ownMs = await ownScriptMs(cdp, "/peer.js", async () => {
        await page.start(peer);
        await page.played(seconds);
      });
    });
    const after = await metrics(cdp);
    const reports = world.reports.slice(firstReport).filter(({ host }) => peer?.collector.test(host));
    const droppedFrames = await page.page.evaluate(
      () => document.querySelector("video")?.getVideoPlaybackQuality().droppedVideoFrames ?? 0,
    );
    await cdp.send("HeapProfiler.collectGarbage");
    const { usedSize } = await cdp.send("Runtime.getHeapUsage");
    return {
      scriptMs: after.scriptMs - before.scriptMs,
      taskMs: after.taskMs - before.taskMs,
      ownMs,
      longestMs,
      heapBytes: usedSize,
      requests: reports.length,
      sentBytes: reports.reduce((sum, { bytes }) => sum + bytes, 0),
      droppedFrames,
    };
  } finally {
    await page.close();
  }
}

async function metrics(cdp: CDPSession): Promise<{ scriptMs: number; taskMs: number }> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  const seconds = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { scriptMs: seconds("ScriptDuration") * 1000, taskMs: seconds("TaskDuration") * 1000 };
}
