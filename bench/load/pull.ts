import { once } from "node:events";
import { openRawClient } from "./raw-client.js";

/** What a process of its own is told to fetch, over and over. */
export interface Pull {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly ms: number;
}

export interface Pulled {
  readonly bytes: number;
  readonly requests: number;
  readonly ms: number;
  /** Of one core, 0 to 1: near 1 the client was what bounded it. */
  readonly busy: number;
}

/** The process of `pullers.ts`: answers each message with what came of it. */
const [told] = (await once(process, "message")) as [Pull];
process.send?.(await pull(told));
process.disconnect();

async function pull({ origin, paths, headers, connections, ms }: Pull): Promise<Pulled> {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  let bytes = 0;
  let requests = 0;
  const one = async (offset: number) => {
    const client = openRawClient(origin);
    for (let n = offset; performance.now() - from < ms; n++) {
      bytes += await client.get(paths[n % paths.length] ?? "", headers);
      requests += 1;
    }
    client.close();
  };
  await Promise.all(Array.from({ length: connections }, (_, i) => one(i * 5)));
  const tookMs = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  return { bytes, requests, ms: tookMs, busy: (user + system) / 1000 / tookMs };
}
