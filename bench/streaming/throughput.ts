import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Bench } from "../load/bench.js";
import { costOf } from "../load/process-cost.js";
import type { Pulled } from "../load/pull.js";
import { pullFrom } from "../load/pullers.js";
import { signIn, view } from "../load/viewer.js";
import { startNginx } from "./nginx.js";

const CLIENTS = 2;
/** Made segments of a copy stay in memory up to 16 MB: what surely stays. */
const CACHED_BYTES = 12e6;
const CONNECTIONS = 4;
const SPELL_MS = 1_000;
const MOST_ROUNDS = 10;

/**
 * Segments that are in the cache, against nginx that serves the same bytes as files, in turns: bytes a second over kept
 * connections, and what they cost the server. The clients are processes of their own; all share the machine.
 */
export async function throughput({ service, item, report, scratch, rounds }: Bench): Promise<void> {
  const cookie = await signIn(service);
  const viewing = await view(service, await item("five-0.mkv"), "all");
  if (viewing.delivery !== "copy") throw new Error(`Delivered by ${viewing.delivery}, not copy`);
  const root = path.join(scratch, "nginx-root");
  await mkdir(root, { recursive: true });
  const files: string[] = [];
  const paths: string[] = [];
  let bytes = 0;
  for (const [n, pathname] of viewing.paths.entries()) {
    if (bytes > CACHED_BYTES) break;
    const body = Buffer.from(await (await service.fetch(pathname)).arrayBuffer());
    await writeFile(path.join(root, `${n}.m4s`), body);
    bytes += body.byteLength;
    files.push(`/${n}.m4s`);
    paths.push(pathname);
  }
  const nginx = await startNginx(root, path.join(scratch, "nginx"));
  try {
    const peers = {
      playhead: { origin: service.origin, paths, headers: { cookie }, pids: async () => [service.process.pid ?? 0] },
      nginx: { origin: nginx.origin, paths: files, headers: {}, pids: nginx.pids },
    };
    for (let round = 0; round <= Math.min(rounds, MOST_ROUNDS); round++) {
      for (const [name, peer] of Object.entries(peers)) {
        const before = await cpuOf(await peer.pids());
        const pulled = await pullFrom(CLIENTS, { ...peer, connections: CONNECTIONS, ms: SPELL_MS });
        const spentS = (await cpuOf(await peer.pids())) - before;
        if (round === 0) continue; // Warms up.
        const sum = (of: (each: Pulled) => number) => pulled.reduce((total, each) => total + of(each), 0);
        const bytes = sum((each) => each.bytes);
        report.add(`${name}, MB/s`, sum((each) => each.bytes / each.ms) / 1e3);
        report.add(`${name}, MB a CPU second`, bytes / 1e6 / spentS);
        report.add(`${name}, % of a core`, (spentS / sum((each) => each.ms / CLIENTS / 1000)) * 100);
        report.add(`${name}: its clients, % of a core each`, (sum((each) => each.busy) / CLIENTS) * 100);
      }
    }
  } finally {
    await nginx.close();
    await viewing.end();
  }
  console.log(
    `\n${files.length} cached segments of ${(bytes / files.length / 1e3).toFixed(0)} kB, ${CLIENTS} clients with ${CONNECTIONS} connections each`,
  );
  const figures = ["MB/s", "MB a CPU second", "% of a core"].map((figure) => `, ${figure}`);
  report.table(
    "cached segments beside nginx",
    [...figures, ": its clients, % of a core each"].flatMap((figure) => [`playhead${figure}`, `nginx${figure}`]),
  );
  report.ratio("playhead, MB/s", "nginx, MB/s", 0.5, "at least");
  report.ratio("playhead, MB a CPU second", "nginx, MB a CPU second", 0.5, "at least");
}

async function cpuOf(pids: readonly number[]): Promise<number> {
  let sum = 0;
  for (const pid of pids) sum += (await costOf(pid)).cpuS;
  return sum;
}
