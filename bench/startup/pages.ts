import path from "node:path";
import type { PlaybackReply } from "@playhead/protocol";
import { launchBrowser } from "../../e2e/browser.js";
import type { Bench } from "../load/bench.js";
import { signIn } from "../load/viewer.js";
import { clickToFirstFrame, type Measured, type Visit } from "./first-frame.js";
import { startPeers } from "./peer-server.js";

/** Near: within what a player has buffered or asks for next. */
const NEAR = 0.03;
/** Elsewhere in each round, near a keyframe or far from one: the golden ratio spreads them evenly. */
const farOf = (n: number) => 0.4 + 0.55 * ((n * 0.618034) % 1);
const seeksOf = (n: number) => [NEAR, farOf(n)];
/** What few browsers play; Chromium does where it decodes by itself. */
const HIGH_422 = "avc1.7a";

/** What is measured; `npm run bench:startup -- 10 floor copy` runs some of it. */
export const ways = {
  floor: "floor",
  "floor-read": "floor, page read",
  direct: "direct",
  copy: "copy",
  "copy-again": "copy, second play",
  "copy-warm": "copy, pre-warmed",
  "seed-copy": "seed's copy",
  "transcode-h264": "transcode H.264",
  transcode: "transcode HEVC",
  "transcode-again": "transcode HEVC, second play",
  "transcode-warm": "transcode HEVC, pre-warmed",
  "seed-transcode": "seed's transcode",
} as const;
export type Way = keyof typeof ways;

/**
 * Click → first frame and seek → frame in Chromium, beside the floor (the same pages over a static MP4) and the seed's
 * design. Each round plays each way once, on files that nobody played before, except where a second play is meant.
 */
export async function pages(bench: Bench, chosen: ReadonlySet<string> = new Set()): Promise<void> {
  const { service, mediaDir, item, report, scratch, rounds } = bench;
  const peers = await startPeers(service, mediaDir, path.join(scratch, "peers"));
  const browser = await launchBrowser();
  const cookie = await signIn(service);
  console.log(`\nChromium ${browser.version()}, 1080p24 at 6 Mbit/s, 4 minutes, ${rounds} rounds`);
  const sessions: string[] = [];

  async function own(file: string, delivery: PlaybackReply["delivery"], visit: Partial<Visit> = {}): Promise<Measured> {
    const { id } = await item(file);
    let delivered: string | undefined;
    const measured = await clickToFirstFrame(browser, {
      url: `${service.origin}/media/${id}`,
      cookie,
      page: "cold",
      ...visit,
      onPlayback(reply) {
        delivered = reply.delivery;
        if (reply.hlsSessionId) sessions.push(reply.hlsSessionId);
      },
    });
    if (delivered !== delivery) throw new Error(`${file} was delivered by ${delivered}, not ${delivery}`);
    return measured;
  }
  async function floor(visit: Partial<Visit>): Promise<Measured> {
    const { id } = await item("h264-0.mp4");
    return await clickToFirstFrame(browser, { url: `${peers.origin}/media/${id}`, page: "cold", ...visit });
  }
  function seed(file: string, mode: string): Promise<Measured> {
    const url = `${peers.origin}/seed.html?file=${encodeURIComponent(file)}&mode=${mode}`;
    return clickToFirstFrame(browser, { url, page: "cold" });
  }

  const byPointer = (n: number) => ({ seeks: [farOf(n)], byPointer: true });
  const go: Readonly<Record<Way, (n: number) => Promise<Measured>>> = {
    floor: (n) => floor({ seeks: seeksOf(n) }),
    "floor-read": (n) => floor({ page: "read", ...byPointer(n) }),
    direct: () => own("h264-0.mp4", "direct"),
    copy: (n) => own(`copy-${n}.mkv`, "copy", { seeks: seeksOf(n) }),
    "copy-again": (n) => own(`copy-${n}.mkv`, "copy"),
    "copy-warm": (n) => own(`copy-${n + rounds}.mkv`, "copy", { page: "ready", ...byPointer(n) }),
    "seed-copy": (n) => seed(`copy-${n}.mkv`, "copy"),
    "transcode-h264": (n) => own(`h264-422-${n}.mkv`, "transcode", { seeks: seeksOf(n), lacks: HIGH_422 }),
    transcode: (n) => own(`hevc-${n}.mkv`, "transcode", { seeks: seeksOf(n) }),
    "transcode-again": (n) => own(`hevc-${n}.mkv`, "transcode"),
    "transcode-warm": (n) => own(`hevc-${n + rounds}.mkv`, "transcode", { page: "ready" }),
    "seed-transcode": (n) => seed(`hevc-${n}.mkv`, "transcode"),
  };
  const order = Object.keys(ways)
    .filter(isWay)
    .filter((way) => chosen.size === 0 || chosen.has(way));
  try {
    // The browser's own first time is nobody's.
    await go.floor(0);
    for (let n = 0; n < rounds; n++) {
      for (const way of order) {
        note(bench, ways[way], await go[way](n));
        // Nothing of this way may run in the next one's time.
        for (const id of sessions.splice(0)) await service.fetch(`/api/v1/hls/${id}`, { method: "DELETE" });
        await peers.reset();
      }
    }
  } finally {
    await browser.close();
    await peers.close();
  }
  print(report);
}

const isWay = (name: string): name is Way => name in ways;

function note({ report }: Bench, row: string, { firstFrameMs, movingMs, seekMs, readyMs }: Measured): void {
  report.add(row, firstFrameMs);
  report.add(`${row}, moves`, movingMs);
  if (readyMs !== undefined) report.add(`${row}, ready after`, readyMs);
  if (seekMs.length === 1) report.add(`${row}, far seek by pointer`, ...seekMs);
  const [near, far] = seekMs;
  if (near === undefined || far === undefined) return;
  report.add(`${row}, near seek`, near);
  report.add(`${row}, far seek`, far);
}

function print(report: Bench["report"]): void {
  const rows = Object.values(ways);
  report.table("click → first frame, ms", rows);
  report.table(
    "click → picture moves, ms",
    rows.map((row) => `${row}, moves`),
  );
  report.table(
    "seek → frame, ms",
    ["near seek", "far seek", "far seek by pointer"].flatMap((kind) => rows.map((row) => `${row}, ${kind}`)),
  );
  report.table(
    "page opened → film ready, ms",
    rows.map((row) => `${row}, ready after`),
  );
  report.ratio("direct", "floor", 1.2);
  report.ratio("copy", "floor", 1.2);
  report.ratio("copy, far seek", "floor, far seek", 0.6);
  report.ratio("copy, pre-warmed, far seek by pointer", "floor, page read, far seek by pointer", 0.6);
  report.ratio("copy", "seed's copy", 0.6);
  report.ratio("transcode HEVC", "seed's transcode", 0.25);
  report.ratio("transcode HEVC, far seek", "transcode HEVC", 1);
  report.ratio("transcode H.264, far seek", "transcode H.264", 1);
  report.ratio("copy, pre-warmed", "floor, page read", 1);
  report.ratio("transcode HEVC, pre-warmed", "floor, page read", 1);
  report.ratio("copy, pre-warmed, moves", "floor, page read, moves", 1);
  report.ratio("transcode HEVC, pre-warmed, moves", "floor, page read, moves", 1);
}
