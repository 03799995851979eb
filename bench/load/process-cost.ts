import { readdir, readFile } from "node:fs/promises";

/** What a process took of the machine, read from /proc: Linux only, as the figures in `docs/` are. */
export interface ProcessCost {
  /** Its own CPU time and that of its children that have ended, seconds. */
  readonly cpuS: number;
  /** The latter alone. */
  readonly childrenCpuS: number;
  /** Bytes that it sent to the disk. */
  readonly writtenBytes: number;
}

/** USER_HZ of every Linux that Node runs on. */
const TICKS_PER_S = 100;

export async function costOf(pid: number): Promise<ProcessCost> {
  const [stat, io] = await Promise.all([read(pid, "stat"), read(pid, "io")]);
  // The name, in parentheses, may hold spaces: proc(5). utime, stime, cutime, cstime are fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = [11, 12, 13, 14].map((at) => Number(fields[at]));
  return {
    cpuS: ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_S,
    childrenCpuS: ticks.slice(2).reduce((sum, each) => sum + each, 0) / TICKS_PER_S,
    writtenBytes: Number(/^write_bytes: (\d+)$/m.exec(io)?.[1]),
  };
}

export async function memoryOf(pid: number): Promise<{ readonly rssBytes: number; readonly peakBytes: number }> {
  const status = await read(pid, "status");
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? Number.NaN);
  return { rssBytes: kib("VmRSS") * 1024, peakBytes: kib("VmHWM") * 1024 };
}

export async function descriptorsOf(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** Processes below one, at any depth, by the name of their program. */
export async function childrenOf(pid: number, program: string): Promise<number[]> {
  const found: number[] = [];
  for (const child of await directChildren(pid)) {
    const name = (await read(child, "comm").catch(() => "")).trim();
    if (name === program) found.push(child);
    found.push(...(await childrenOf(child, program)));
  }
  return found;
}

async function directChildren(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

const read = (pid: number, name: string) => readFile(`/proc/${pid}/${name}`, "utf8");
