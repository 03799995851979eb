import type { Browser, CDPSession } from "playwright-core";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** CPU time of the event, µs; `dur` is its wall time. */
  readonly tdur?: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** The longest task of the page's main thread while `work` runs, by the thread's own clock, ms. One page must be open. */
export async function longestTaskMs(browser: Browser, work: () => Promise<void>): Promise<number> {
  const cdp: CDPSession = await browser.newBrowserCDPSession();
  const longest = new Map<string, number>();
  const mains = new Set<string>();
  cdp.on("Tracing.dataCollected", ({ value }) => {
    for (const event of value as unknown as TraceEvent[]) {
      const thread = `${event.pid}:${event.tid}`;
      if (event.ph === "M" && event.name === "thread_name" && event.args?.name === "CrRendererMain") mains.add(thread);
      if (!event.name.endsWith("RunTask")) continue;
      longest.set(thread, Math.max(longest.get(thread) ?? 0, event.tdur ?? event.dur ?? 0));
    }
  });
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      recordMode: "recordContinuously",
      includedCategories: ["disabled-by-default-devtools.timeline", "__metadata"],
      excludedCategories: ["*"],
    },
  });
  await work();
  const complete = new Promise((resolve) => cdp.once("Tracing.tracingComplete", resolve));
  await cdp.send("Tracing.end");
  await complete;
  await cdp.detach();
  const ofMains = [...mains].map((thread) => longest.get(thread) ?? 0);
  return Math.max(...ofMains) / 1000;
}
