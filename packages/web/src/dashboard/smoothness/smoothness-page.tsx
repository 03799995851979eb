import type { BreakdownReply, OverviewReply, TimeseriesReply } from "@playhead/protocol";
import { loadBreakdown, loadOverview, loadTimeseries } from "../analytics.js";
import { Answered, CALM_MS } from "../answered.js";
import { durationScale, durationTick } from "../chart-durations.js";
import { smoothnessColumns } from "../columns.js";
import { DimensionTable } from "../dimension-table.js";
import { commonDimensions, valueName } from "../dimensions.js";
import { useLive } from "../live.js";
import { type MetricId, metricOf } from "../metrics.js";
import { clockTime, dayName, tickMoment } from "../moment.js";
import { OverTime } from "../over-time.js";
import { createMemory, usePanel } from "../panel.js";
import { usePulse } from "../pulse.js";
import { count, milliseconds, say, share } from "../quantity.js";
import { Section } from "../section.js";
import { type Part, StackedBars } from "../stacked-bars.js";
import type { DashboardPageProps } from "../tabs.js";
import { apiQuery, between } from "../url-state.js";

const memory = {
  totals: createMemory<OverviewReply>(),
  overTime: createMemory<TimeseriesReply>(),
  byCause: createMemory<TimeseriesReply>(),
  causes: createMemory<BreakdownReply>(),
};

const charts: readonly MetricId[] = ["rebuffering", "frames", "seeking"];
const colours: Readonly<Record<string, Part["colour"]>> = {
  encoder: "--chart-1",
  network: "--chart-4",
  device: "--chart-3",
  player: "--chart-2",
};

/** `/dashboard/smoothness`: what interrupted what was playing, and why. */
export function SmoothnessPage(page: DashboardPageProps) {
  useLive();
  const { state, onState } = page;
  const calm = usePulse(CALM_MS);
  const key = apiQuery(state).toString();
  const totals = usePanel(memory.totals, key, calm, (signal) => loadOverview(state, signal, ["viewers", "startup"]));
  const overTime = usePanel(memory.overTime, key, calm, (signal) => loadTimeseries(state, signal));
  const byCause = usePanel(memory.byCause, key, calm, (signal) => loadTimeseries(state, signal, { by: "stallCause" }));
  const causes = usePanel(memory.causes, key, calm, (signal) => loadBreakdown(state, "stallCause", signal));
  const zoom = (from: number, to: number) => onState(between(state, from, to));
  return (
    <Answered panel={totals} state={state} onState={onState} isEmpty={({ views }) => views === 0}>
      {(reply) => (
        <>
          <div class="charts" data-even>
            {byCause.value && <StalledByCause reply={byCause.value} />}
            {causes.value && <Causes rows={causes.value.rows} watchMs={reply.watchMs} />}
          </div>
          <div class="charts" data-three>
            {overTime.value &&
              charts.map((id) => (
                <OverTime key={id} metric={metricOf(id)} reply={overTime.value ?? empty} onZoom={zoom} />
              ))}
          </div>
          <DimensionTable
            title="Where it stalls"
            choices={[...commonDimensions, "stallCause"]}
            columns={smoothnessColumns}
            {...page}
          />
        </>
      )}
    </Answered>
  );
}

const empty: TimeseriesReply = { from: 0, to: 0, intervalMs: 1, points: [] };

function StalledByCause({ reply }: { reply: TimeseriesReply }) {
  const { points, intervalMs } = reply;
  const series = (reply.series ?? []).filter(({ values: [cause] }) => cause !== null);
  const daily = reply.to - reply.from > 2 * 86_400_000;
  const tick = (at: number, before: number | undefined) => {
    if (!daily) return new Date(at).getMinutes() === 0 && new Date(at).getHours() % 3 === 0 ? clockTime(at) : "";
    return before !== undefined && dayName(at) !== dayName(before) ? dayName(at) : "";
  };
  return (
    <StackedBars
      title="Time stalled, by cause"
      definition="How long views stood for lack of data, by what kept them waiting for most of it."
      ticks={points.map(({ at }, i) => tick(at, points[i - 1]?.at))}
      names={points.map(({ at }) => tickMoment(at, intervalMs))}
      of="From"
      parts={series.map(({ values: [cause], points: own }) => ({
        name: valueName("stallCause", cause ?? "unknown"),
        colour: colours[cause ?? ""] ?? "--color-tick",
        values: own.map(({ rebufferMs }) => rebufferMs),
      }))}
      show={(value) => say(milliseconds(value))}
      axis={{ scale: durationScale, tick: durationTick }}
      note="Nothing stalled"
    />
  );
}

function Causes({ rows, watchMs }: { rows: BreakdownReply["rows"]; watchMs: number }) {
  const told = rows.filter(({ value }) => value !== null);
  const most = Math.max(1, ...told.map(({ rebufferMs }) => rebufferMs));
  return (
    <Section title="What they waited for">
      {told.length === 0 ? (
        <p class="breakdown-none">Nothing stalled.</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Because of</th>
              <th scope="col" data-number>
                Views
              </th>
              <th scope="col" data-number>
                Stalls
              </th>
              <th scope="col" data-number>
                Stalled
              </th>
              <th scope="col" data-number title="Of all watch time in the range">
                Of all
              </th>
            </tr>
          </thead>
          <tbody>
            {told
              .toSorted((a, b) => b.rebufferMs - a.rebufferMs)
              .map((row) => (
                <tr key={row.value}>
                  <th scope="row">
                    <i class="breakdown-bar" style={{ width: `${(row.rebufferMs / most) * 100}%` }} />
                    {valueName("stallCause", row.value ?? "unknown")}
                  </th>
                  <td data-number>{say(count(row.views))}</td>
                  <td data-number>{say(count(row.rebufferCount))}</td>
                  <td data-number>{say(milliseconds(row.rebufferMs))}</td>
                  <td data-number>{say(share(watchMs > 0 ? row.rebufferMs / watchMs : null))}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
