import type { StartReply } from "@playhead/protocol";
import { loadStart, loadTimeseries } from "../analytics.js";
import { Answered, CALM_MS } from "../answered.js";
import { binName } from "../chart-options.js";
import { startColumns } from "../columns.js";
import { DimensionTable } from "../dimension-table.js";
import { commonDimensions, valueName } from "../dimensions.js";
import { useLive } from "../live.js";
import { metricOf } from "../metrics.js";
import { OverTime } from "../over-time.js";
import { createMemory, usePanel } from "../panel.js";
import { usePulse } from "../pulse.js";
import { count, counted, milliseconds, say, share } from "../quantity.js";
import { Section } from "../section.js";
import { StackedBars } from "../stacked-bars.js";
import type { DashboardPageProps } from "../tabs.js";
import { apiQuery, between } from "../url-state.js";

const memory = {
  start: createMemory<StartReply>(),
  overTime: createMemory<Awaited<ReturnType<typeof loadTimeseries>>>(),
};

/** `/dashboard/start`: how long views took to start, and where that time went. */
export function StartPage(page: DashboardPageProps) {
  useLive();
  const { state, onState } = page;
  const calm = usePulse(CALM_MS);
  const key = apiQuery(state).toString();
  const start = usePanel(memory.start, key, calm, (signal) => loadStart(state, signal));
  const overTime = usePanel(memory.overTime, key, calm, (signal) => loadTimeseries(state, signal, { startup: true }));
  return (
    <Answered panel={start} state={state} onState={onState} isEmpty={({ started }) => started === 0}>
      {(reply) => (
        <>
          <Percentiles reply={reply} />
          <div class="charts" data-even>
            <StartTimes reply={reply} />
            {overTime.value && (
              <OverTime
                metric={metricOf("startup")}
                reply={overTime.value}
                onZoom={(from, to) => onState(between(state, from, to))}
              />
            )}
          </div>
          <SlowStarts reply={reply} />
          <DimensionTable
            title="Who starts fast, and who slowly"
            choices={[...commonDimensions, "startCause"]}
            columns={startColumns}
            startup
            {...page}
          />
        </>
      )}
    </Answered>
  );
}

const parts = [
  {
    field: "startupMs",
    name: "All of it",
    definition: "From the intent to play to the first frame with the playhead moving.",
  },
  { field: "startServerMs", name: "Server", definition: "Waiting for the server to have what was asked for." },
  { field: "startNetworkMs", name: "Network", definition: "Asking and transferring, without the server's waiting." },
  { field: "startPlayerMs", name: "Player", definition: "All else: scripts, decoding, drawing." },
] as const;
const ranks = ["p50", "p75", "p90", "p95", "p99"] as const;

function Percentiles({ reply }: { reply: StartReply }) {
  const { started, divided, distributions } = reply;
  return (
    <section class="percentiles" aria-label="Percentiles">
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Percentiles, the table">
        <table class="table" data-large>
          <thead>
            <tr>
              <th scope="col">Time to the first frame</th>
              {ranks.map((rank) => (
                <th scope="col" key={rank} data-number>
                  {rank}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {parts.map(({ field, name, definition }) => (
              <tr key={field}>
                <th scope="row" title={definition}>
                  {name} <span class="row-note">{definition}</span>
                </th>
                {ranks.map((rank) => (
                  <td key={rank} data-number title={distributions[field][rank] === null ? "Too few views" : undefined}>
                    {say(milliseconds(distributions[field][rank]))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="figure-definition">
        Of {counted(started, "view")} that started; where the time went is known of {say(count(divided))}. A percentile
        that too few views speak for is left open.
      </p>
    </section>
  );
}

function StartTimes({ reply: { bins, started } }: { reply: StartReply }) {
  const quick = bins.reduce((sum, { toMs, views }) => sum + (toMs !== null && toMs <= 1_000 ? views : 0), 0);
  return (
    <StackedBars
      title="Time to play"
      definition={`${counted(started, "view")} started, ${say(share(quick / started))} of them within a second. The colour is what took most of the time.`}
      ticks={bins.map(({ fromMs }) => (fromMs < 1_000 ? `${fromMs} ms` : `${fromMs / 1_000} s`))}
      names={bins.map(binName)}
      of="Startup"
      parts={[
        { name: "server", colour: "--chart-1", values: bins.map(({ mostlyServer }) => mostlyServer) },
        { name: "network", colour: "--chart-4", values: bins.map(({ mostlyNetwork }) => mostlyNetwork) },
        { name: "player", colour: "--chart-2", values: bins.map(({ mostlyPlayer }) => mostlyPlayer) },
        { name: "not known", colour: "--color-tick", values: bins.map(({ views, divided }) => views - divided) },
      ]}
      show={(value) => say(count(Math.round(value)))}
      note="Nothing of this was measured here"
    />
  );
}

function SlowStarts({ reply: { slow, started } }: { reply: StartReply }) {
  const all = slow.reduce((sum, { views }) => sum + views, 0);
  return (
    <Section title="Why slow starts were slow">
      {all === 0 ? (
        <p class="breakdown-none">No start was slow.</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Because of</th>
              <th scope="col" data-number>
                Views
              </th>
              <th scope="col" data-number title="Of all views that started">
                Of all
              </th>
            </tr>
          </thead>
          <tbody>
            {slow.map(({ cause, views }) => (
              <tr key={cause}>
                <th scope="row">
                  <i class="breakdown-bar" style={{ width: `${(views / all) * 100}%` }} />
                  {valueName("startCause", cause)}
                </th>
                <td data-number>{say(count(views))}</td>
                <td data-number>{say(share(views / started))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
