import type { BreakdownReply } from "@playhead/protocol";
import { loadRows } from "./analytics.js";
import { type Dimension, dimensions } from "./dimensions.js";
import { withFilter } from "./filter.js";
import { usePageParam } from "./page-param.js";
import { createMemory, usePanel } from "./panel.js";
import { PartFailed } from "./part-failed.js";
import { count, say } from "./quantity.js";
import { type SortedColumn, useSorted } from "./sorted.js";
import type { DashboardPageProps } from "./tabs.js";
import { apiQuery } from "./url-state.js";
import { ValueName } from "./value-name.js";

export type DimensionRow = BreakdownReply["rows"][number];

export type DimensionColumn = SortedColumn<DimensionRow>;

export interface DimensionTableProps extends DashboardPageProps {
  readonly title: string;
  readonly choices: readonly Dimension[];
  readonly columns: readonly DimensionColumn[];
  /** Whether the columns read the startup's percentiles. */
  readonly startup?: boolean;
  /** Distributions that the columns read: names of `metric`. */
  readonly metrics?: readonly string[];
}

const memory = createMemory<BreakdownReply>();
const MOST_ROWS = 50;
const views: DimensionColumn = {
  id: "views",
  name: "Views",
  definition: "One viewer, one film, one intent to play.",
  value: (row) => row.views,
  show: count,
};

/**
 * The views told apart by a dimension: a heading sorts, a name looks at those views alone, a link takes the rows along as CSV. Dimension
 * and order stand in the address, as `by` and `sort`; a page has one such table.
 */
export function DimensionTable(props: DimensionTableProps) {
  const { title, choices, metrics = [], startup = false, names, state, onState } = props;
  const columns = [views, ...props.columns] as const;
  const first = choices[0] ?? "browser";
  const [asked, setBy] = usePageParam("by", first);
  const by = choices.find((choice) => choice === asked) ?? first;
  const { sorted, heads } = useSorted<DimensionRow>(columns);
  const key = `${by} ${metrics.join()} ${startup ? "startup" : ""} ${apiQuery(state)}`;
  const panel = usePanel(memory, key, 0, (signal) => loadRows(state, by, metrics, MOST_ROWS, startup, signal));
  const known = panel.value?.by === by && !panel.stale ? panel.value.rows : undefined;
  const rows = sorted(known ?? []);
  const most = Math.max(1, ...rows.map((row) => row.views));
  const file = apiQuery(state);
  file.set("by", by);
  file.set("format", "csv");
  if (metrics.length > 0) file.set("metric", metrics.join(","));
  return (
    <section class="breakdown dimension-table" aria-labelledby="dimension-table">
      <header class="breakdown-head">
        <h2 class="title-face" id="dimension-table">
          {title}
        </h2>
        <div class="choices" role="group" aria-label="Told apart by">
          {choices.map((choice) => (
            <button type="button" key={choice} aria-pressed={choice === by} onClick={() => setBy(choice)}>
              {dimensions[choice]}
            </button>
          ))}
        </div>
      </header>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={title} data-stale={panel.stale}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{dimensions[by]}</th>
              {heads}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.value ?? ""}>
                <th scope="row">
                  <i class="breakdown-bar" style={{ width: `${(row.views / most) * 100}%` }} />
                  <ValueName
                    by={by}
                    value={row.value}
                    names={names}
                    onOnly={(value) =>
                      onState({ ...state, filters: withFilter(state.filters, { dimension: by, value }) })
                    }
                  />
                </th>
                {columns.map(({ id, value, show }) => (
                  <td key={id} data-number>
                    {say(show(value(row)))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {panel.error && !known && <PartFailed error={panel.error} />}
        {known?.length === 0 && <p class="breakdown-none">Nothing to tell apart.</p>}
      </div>
      {rows.length > 0 && (
        <a class="export-link" href={`/api/v1/analytics/export?${file}`} download>
          Save as CSV
        </a>
      )}
    </section>
  );
}
