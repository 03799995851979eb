/** Which stretches of a film have been read, ms. Ranges neither touch nor overlap, and ascend. */
export class Coverage {
  #ranges: (readonly [number, number])[] = [];

  add(from: number, to: number): void {
    if (to <= from) return;
    const apart = this.#ranges.filter(([start, end]) => end < from || start > to);
    const touched = this.#ranges.filter(([start, end]) => end >= from && start <= to);
    const start = Math.min(from, ...touched.map(([each]) => each));
    const end = Math.max(to, ...touched.map(([, each]) => each));
    this.#ranges = [...apart, [start, end] as const].toSorted(([a], [b]) => a - b);
  }

  has(from: number, to: number): boolean {
    return this.#ranges.some(([start, end]) => start <= from && end >= to);
  }

  /** Where the first stretch that is not read begins, from a place on; null when all from there on is read. */
  gapFrom(place: number): number | null {
    const end = this.#ranges.find(([start, each]) => start <= place && each > place)?.[1] ?? place;
    return Number.isFinite(end) ? end : null;
  }
}
