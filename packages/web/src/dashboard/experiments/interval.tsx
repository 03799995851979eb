export interface IntervalProps {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** What the left and the right end stand for. */
  readonly scale: readonly [number, number];
  readonly tone: "plain" | "good" | "bad";
}

/** An estimate as a dot, with its confidence interval as a line. The numbers stand beside it. */
export function Interval({ value, low, high, scale: [from, to], tone }: IntervalProps) {
  const at = (x: number) => (to > from ? ((x - from) / (to - from)) * 100 : 50);
  return (
    <span class="interval" data-tone={tone} aria-hidden="true">
      {low !== null && high !== null && <i style={{ left: `${at(low)}%`, width: `${at(high) - at(low)}%` }} />}
      <b style={{ left: `${at(value)}%` }} />
    </span>
  );
}
