/** What the parts of the benchmark found, printed as they go and judged together at the end. */
export class Report {
  readonly #figures = new Map<string, number[]>();
  readonly #verdicts: string[] = [];

  /** Adds measurements to a figure, ms or whatever its row says. */
  add(name: string, ...values: readonly number[]): void {
    this.#figures.set(name, [...(this.#figures.get(name) ?? []), ...values]);
  }

  median(name: string): number {
    return quantile(this.#figures.get(name) ?? [], 0.5);
  }

  /** Rows of p50, p95, and how many there were. */
  table(title: string, names: readonly string[]): void {
    console.log(`\n${title.padEnd(38)}     p50     p95     n`);
    for (const name of names) {
      const values = this.#figures.get(name);
      if (values === undefined) continue;
      const cells = [quantile(values, 0.5), quantile(values, 0.95)].map((value) => value.toFixed(0).padStart(8));
      console.log(`  ${name.padEnd(34)} ${cells.join("")}${String(values.length).padStart(6)}`);
    }
  }

  /** Ratio of two figures' medians against a target; silent when either was not measured. */
  ratio(name: string, base: string, target: number, direction: "at most" | "at least" = "at most"): void {
    this.value(`${name} / ${base}`, this.median(name) / this.median(base), target, direction);
  }

  value(name: string, value: number, target: number, direction: "at most" | "at least" = "at most", unit = ""): void {
    if (Number.isNaN(value)) return;
    const isReached = direction === "at most" ? value <= target : value >= target;
    const sign = direction === "at most" ? "≤" : "≥";
    this.#verdicts.push(
      `  ${name.padEnd(62)} ${value.toFixed(2)}${unit}   target ${sign} ${target}${unit}   ${isReached ? "reached" : "missed"}`,
    );
  }

  verdicts(): void {
    if (this.#verdicts.length > 0) console.log(`\ntargets\n${this.#verdicts.join("\n")}`);
  }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
