import type { Bench } from "../load/bench.js";
import { openRawClient } from "../load/raw-client.js";
import { signIn, type Viewing, view } from "../load/viewer.js";

const SPELL_S = 6;
const MOST = 4_096;

/**
 * How many viewers of a copied 5-Mbit/s film the machine sustains: each watches another part of it in real time, and asks
 * for the next segment when the one before has played as long as it lasts. One that takes longer than that is late. The
 * viewers share the cores with the server.
 */
export async function viewers({ service, item, report }: Bench): Promise<void> {
  const cookie = await signIn(service);
  const viewing = await view(service, await item("five-0.mkv"), "all");
  if (viewing.delivery !== "copy") throw new Error(`Delivered by ${viewing.delivery}, not copy`);
  let [sustained, tooMany] = [0, MOST + 1];
  for (let count = 256; tooMany - sustained > sustained / 8 && count <= MOST; ) {
    const { late, segments, worstMs } = await spell(service.origin, viewing, cookie, count);
    console.log(`  ${count} viewers: ${segments} segments, ${late} late, the slowest after ${worstMs.toFixed(0)} ms`);
    if (late === 0) sustained = count;
    else tooMany = count;
    count = tooMany > MOST ? sustained * 2 : Math.round((sustained + tooMany) / 2);
  }
  report.add("viewers of a copied 5-Mbit/s film", sustained);
  report.table("without a late segment", ["viewers of a copied 5-Mbit/s film"]);
}

async function spell(origin: string, { playlists }: Viewing, cookie: string, count: number) {
  const result = { late: 0, segments: 0, worstMs: 0 };
  const from = performance.now();
  const watch = async (n: number) => {
    const clients = playlists.map(() => openRawClient(origin));
    // Spread over the film and over the time of one segment, as people are.
    await new Promise((resolve) => setTimeout(resolve, (n / count) * 2_000));
    await Promise.all(
      playlists.map(async ({ segments }, p) => {
        for (let at = Math.floor((n * 7919) % segments.length); performance.now() - from < SPELL_S * 1000; at++) {
          const segment = segments[at % segments.length];
          if (segment === undefined) throw new Error("No segment");
          const asked = performance.now();
          await clients[p]?.get(segment.url.pathname, { cookie });
          const tookMs = performance.now() - asked;
          result.segments++;
          result.worstMs = Math.max(result.worstMs, tookMs);
          const spareMs = segment.durationS * 1000 - tookMs;
          if (spareMs < 0) result.late++;
          else await new Promise((resolve) => setTimeout(resolve, spareMs));
        }
      }),
    );
    for (const client of clients) client.close();
  };
  await Promise.all(Array.from({ length: count }, (_, n) => watch(n)));
  return result;
}
