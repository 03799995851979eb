import { describe, expect, it } from "vitest";
import { Settling } from "./settling.js";

/** Encoder starts for seeks at these times (ms), each far from the others, and when the last one's is (ms after it). */
function starts(times: readonly number[]): { count: number; lastAfterMs: number } {
  let now = 0;
  const settling = new Settling(() => now);
  let count = 0;
  let lastAfterMs = 0;
  for (const [i, time] of times.entries()) {
    now = time;
    lastAfterMs = settling.seek(i * 100);
    const next = times[i + 1] ?? Number.POSITIVE_INFINITY;
    if (time + lastAfterMs < next) count++;
  }
  return { count, lastAfterMs };
}
const twenty = (gap: (i: number) => number) => {
  let at = 5000;
  return Array.from({ length: 20 }, (_, i) => (at += i === 0 ? 0 : gap(i)));
};

describe("Settling", () => {
  it("lets a single seek wait for nothing, and one seek after another neither", () => {
    expect(starts([5000])).toEqual({ count: 1, lastAfterMs: 0 });
    expect(starts([5000, 7000, 9000])).toEqual({ count: 3, lastAfterMs: 0 });
  });

  it.each([
    ["evenly", () => 100],
    ["in pairs", (i: number) => (i % 2 === 0 ? 180 : 20)],
    ["ever slower", (i: number) => 10 * i],
    ["with a key held down", () => 33],
  ] as const)("makes two starts of 20 seeks in 2 s, %s, and the last comes soon", (_, gap) => {
    const { count, lastAfterMs } = starts(twenty(gap));
    expect(count).toBe(2);
    expect(lastAfterMs).toBeLessThanOrEqual(600);
  });

  it("takes what is asked for beside the last as the same seek", () => {
    let now = 5000;
    const settling = new Settling(() => now);
    settling.seek(0);
    now += 100;
    expect(settling.seek(500)).toBe(250);
    now += 100;
    expect(settling.seek(501)).toBe(150);
  });
});
