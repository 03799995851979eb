import type { CDPSession } from "playwright-core";

/** How often the profiler looks, µs. */
const INTERVAL_US = 200;

/**
 * Time that the main thread spends in functions of one script, and in whatever they call, while `work` runs, ms. As seen
 * by V8's sampling profiler: the noise of everything else on the page is not in it.
 */
export async function ownScriptMs(cdp: CDPSession, script: string, work: () => Promise<void>): Promise<number> {
  await cdp.send("Profiler.enable");
  await cdp.send("Profiler.setSamplingInterval", { interval: INTERVAL_US });
  await cdp.send("Profiler.start");
  await work();
  const { profile } = await cdp.send("Profiler.stop");
  const { nodes, samples = [], timeDeltas = [] } = profile;
  const own = new Set<number>();
  const children = new Map(nodes.map(({ id, children = [] }) => [id, children]));
  const mark = (id: number) => {
    own.add(id);
    for (const child of children.get(id) ?? []) mark(child);
  };
  for (const { id, callFrame } of nodes) if (callFrame.url.endsWith(script) && !own.has(id)) mark(id);
  // The delta before a sample is the time since the one before it.
  const microseconds = samples.reduce((sum, id, n) => sum + (own.has(id) ? (timeDeltas[n] ?? 0) : 0), 0);
  return microseconds / 1000;
}
