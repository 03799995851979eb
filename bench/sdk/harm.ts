import type { Browser } from "playwright-core";
import { openBench } from "./bench-page.js";
import type { Peer } from "./peers.js";
import { mean, pairedInterval } from "./statistics.js";
import type { World } from "./world.js";

interface Play {
  readonly startupMs: number;
  readonly droppedFrames: number;
}

/** How long each film is played after its first frame, s. */
const PLAY_S = 1.5;

async function play(browser: Browser, world: World, peer: Peer | undefined): Promise<Play> {
  const bench = await openBench(browser, world);
  try {
    const startupMs = await bench.start(peer);
    await bench.played(PLAY_S);
    const quality = await bench.page.evaluate(() => {
      const { totalVideoFrames, droppedVideoFrames } = window.bench.video.getVideoPlaybackQuality();
      return { total: totalVideoFrames, dropped: droppedVideoFrames };
    });
    if (quality.total < PLAY_S * 20) throw new Error(`Only ${quality.total} frames were shown`);
    return { startupMs, droppedFrames: quality.dropped };
  } finally {
    await bench.close();
  }
}

/** Startup and dropped frames with and without the SDK, in pairs that follow each other at once, every other one turned round. */
export async function harm(browser: Browser, world: World, peer: Peer, pairs: number): Promise<boolean> {
  const [without, withIt]: [Play[], Play[]] = [[], []];
  await play(browser, world, peer);
  for (let n = 0; n < pairs; n++) {
    const order = n % 2 === 0 ? ([undefined, peer] as const) : ([peer, undefined] as const);
    for (const who of order) (who ? withIt : without).push(await play(browser, world, who));
  }
  console.log(`\nplayback with and without ${peer.name}, ${pairs} pairs`);
  console.log(`  ${"".padEnd(26)}  without     with   difference (95 %)`);
  return (
    [
      ["startup, ms", "startupMs"],
      [`dropped frames of ${PLAY_S * 25}`, "droppedFrames"],
    ] as const
  )
    .map(([label, key]) => {
      const [a, b] = [without, withIt].map((plays) => plays.map((one) => one[key]));
      if (!a || !b) return false;
      const { mean: difference, low, high } = pairedInterval(b.map((value, n) => value - (a[n] ?? Number.NaN)));
      const unharmed = low <= 0;
      const cells = [mean(a), mean(b)].map((value) => value.toFixed(1).padStart(9)).join("");
      const interval = `${difference.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
      console.log(`  ${label.padEnd(26)}${cells}   ${interval.padEnd(24)} ${unharmed ? "within its noise" : "HARMED"}`);
      return unharmed;
    })
    .every(Boolean);
}
