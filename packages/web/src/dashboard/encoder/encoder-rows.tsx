import type { EncoderRow } from "@playhead/protocol";
import { count, milliseconds, say, share } from "../quantity.js";
import { Section } from "../section.js";
import { type SortedColumn, useSorted } from "../sorted.js";
import { speedText } from "./encoder-charts.js";

const starts: SortedColumn<EncoderRow> = {
  id: "starts",
  name: "Starts",
  definition: "Runs of ffmpeg that began.",
  value: (row) => row.starts,
  show: count,
};
const failures: SortedColumn<EncoderRow> = {
  id: "failures",
  name: "Failures",
  definition: "Runs that ffmpeg ended with an error, or that hung. A first one is tried again.",
  value: (row) => row.failures,
  show: count,
};
const failureRate: SortedColumn<EncoderRow> = {
  id: "rate",
  name: "Failure rate",
  definition: "Failures, of all starts.",
  value: (row) => row.failureRate,
  show: share,
};
const columns = [
  starts,
  failures,
  failureRate,
  {
    id: "p50",
    name: "First p50",
    definition: "From the start of ffmpeg to its first segment: half took no longer. Exact to 19 %.",
    value: (row) => row.firstSegmentP50Ms,
    show: milliseconds,
  },
  {
    id: "p95",
    name: "First p95",
    definition: "From the start of ffmpeg to its first segment: 95 in 100 took no longer. Told of 20 runs and more.",
    value: (row) => row.firstSegmentP95Ms,
    show: milliseconds,
  },
  {
    id: "segment",
    name: "Segment",
    definition: "What a segment took, in the mean; without the first of each run.",
    value: (row) => row.segmentMs,
    show: milliseconds,
  },
  {
    id: "speed",
    name: "Speed",
    definition: "Media made, by the time that took: 2 × is twice as fast as it plays.",
    value: (row) => row.speed,
    show: speedText,
  },
  {
    id: "slow",
    name: "Too slow",
    definition: "Segments that took longer to make than they play, of all.",
    value: (row) => row.slowRate,
    show: share,
  },
] as const satisfies readonly SortedColumn<EncoderRow>[];
/** Columns whose value, where it is above none, is bad. */
const bad: ReadonlySet<string> = new Set([failures.id, failureRate.id]);

/** What was converted, from what and by what; a heading sorts. */
export function EncoderRows({ rows }: { rows: readonly EncoderRow[] }) {
  const { sorted, heads } = useSorted<EncoderRow>(columns);
  const most = Math.max(1, ...rows.map((row) => row.starts));
  const title = "By codec, container and encoder";
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <p class="breakdown-none">Nothing was converted: films were only repackaged.</p>
      ) : (
        <div class="table-scroll" tabIndex={0} role="region" aria-label={title}>
          <table class="table encoder-rows">
            <thead>
              <tr>
                <th scope="col">Codec</th>
                <th scope="col">Container</th>
                <th scope="col">Encoder</th>
                {heads}
              </tr>
            </thead>
            <tbody>
              {sorted(rows).map((row) => (
                <tr key={[row.kind, row.codec, row.container, row.encoder].join(" ")}>
                  <th scope="row">
                    <i class="breakdown-bar" style={{ width: `${(row.starts / most) * 100}%` }} />
                    <span class="mono">{row.codec}</span>
                    <span class="row-note">{row.kind === "video" ? "picture" : "sound"}</span>
                  </th>
                  <td>{row.container}</td>
                  <td class="mono">{row.encoder}</td>
                  {columns.map(({ id, value, show }) => (
                    <td key={id} data-number {...(bad.has(id) && { "data-bad": (value(row) ?? 0) > 0 })}>
                      {say(show(value(row)))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
