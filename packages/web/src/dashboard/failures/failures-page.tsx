import type { BreakdownReply, ErrorsReply, OverviewReply, TimeseriesReply } from "@playhead/protocol";
import { loadCombinations, loadErrors, loadOverview, loadTimeseries } from "../analytics.js";
import { Answered, CALM_MS } from "../answered.js";
import { failureColumns, successOf } from "../columns.js";
import { DimensionTable } from "../dimension-table.js";
import { commonDimensions, valueName } from "../dimensions.js";
import { withFilter } from "../filter.js";
import { useLive } from "../live.js";
import { failureRate, failures, metricOf } from "../metrics.js";
import { fullMoment, moment } from "../moment.js";
import { OverTime } from "../over-time.js";
import { createMemory, usePanel } from "../panel.js";
import { PartFailed } from "../part-failed.js";
import { usePulse } from "../pulse.js";
import { count, counted, say, share } from "../quantity.js";
import { Section } from "../section.js";
import type { DashboardPageProps } from "../tabs.js";
import { apiQuery, between } from "../url-state.js";

const memory = {
  totals: createMemory<OverviewReply>(),
  overTime: createMemory<TimeseriesReply>(),
  matrix: createMemory<BreakdownReply>(),
  errors: createMemory<ErrorsReply>(),
};

/** Combinations that are shown; those of the most views. */
const COMBINATIONS = 60;

/** `/dashboard/failures`: what did not play, for whom, and with which error. */
export function FailuresPage(page: DashboardPageProps) {
  useLive();
  const { state, onState } = page;
  const calm = usePulse(CALM_MS);
  const key = apiQuery(state).toString();
  const totals = usePanel(memory.totals, key, calm, (signal) => loadOverview(state, signal, ["viewers", "startup"]));
  const overTime = usePanel(memory.overTime, key, calm, (signal) => loadTimeseries(state, signal));
  const matrix = usePanel(memory.matrix, key, calm, (signal) =>
    loadCombinations(state, ["codec", "container", "browser"], COMBINATIONS, signal),
  );
  const errors = usePanel(memory.errors, key, calm, (signal) => loadErrors(state, signal));
  return (
    <Answered panel={totals} state={state} onState={onState} isEmpty={({ views }) => views === 0}>
      {(reply) => (
        <>
          <p class="lede">
            <b>{say(share(successOf(failureRate(reply))))}</b> of {counted(reply.attempts, "view")} that were meant to
            play met no fatal error; {reply.startFailures} failed before the first frame, {reply.playbackFailures} after
            it.
            {reply.businessFailures > 0 && ` ${reply.businessFailures} were not allowed, which is no failure.`}
          </p>
          <Errors reply={errors.value} error={errors.error} page={page} />
          <div class="charts" data-even>
            {overTime.value && (
              <OverTime
                metric={metricOf("failures")}
                reply={overTime.value}
                onZoom={(from, to) => onState(between(state, from, to))}
              />
            )}
            <Matrix reply={matrix.value} error={matrix.error} page={page} />
          </div>
          <DimensionTable
            title="For whom it fails"
            choices={[...commonDimensions, "errorCode"]}
            columns={failureColumns}
            {...page}
          />
        </>
      )}
    </Answered>
  );
}

function Errors({
  reply,
  error,
  page,
}: {
  reply: ErrorsReply | undefined;
  error: Error | undefined;
  page: DashboardPageProps;
}) {
  const now = Date.now();
  const { state, onState } = page;
  return (
    <Section title="Errors, each once">
      {error && !reply && <PartFailed error={error} />}
      {reply?.groups.length === 0 && <p class="breakdown-none">No view told of an error.</p>}
      {reply && reply.groups.length > 0 && (
        <div class="table-scroll" tabIndex={0} role="region" aria-label="Errors, the table">
          <table class="table errors">
            <thead>
              <tr>
                <th scope="col">Error</th>
                <th scope="col" data-number>
                  Views
                </th>
                <th scope="col" data-number>
                  Viewers
                </th>
                <th scope="col" data-number title="Views that it ended, before or after the first frame">
                  Fatal
                </th>
                <th scope="col" title="Of the selected views; whether it is new is told against all views ever">
                  First seen
                </th>
                <th scope="col">Last seen</th>
                <th scope="col">Look at</th>
              </tr>
            </thead>
            <tbody>
              {reply.groups.map((group) => (
                <tr key={group.fingerprint}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link mono"
                      title="Only views with this error"
                      onClick={() =>
                        onState({
                          ...state,
                          filters: withFilter(state.filters, {
                            dimension: "errorFingerprint",
                            value: group.fingerprint,
                          }),
                        })
                      }
                    >
                      {group.errorCode}
                    </button>
                    {group.errorMessage !== null && <span class="row-note">{group.errorMessage}</span>}
                  </th>
                  <td data-number>{say(count(group.views))}</td>
                  <td data-number>{say(count(group.viewers))}</td>
                  <td data-number data-bad={group.startFailures + group.playbackFailures > 0}>
                    {say(count(group.startFailures + group.playbackFailures))}
                  </td>
                  <td class="mono" title={fullMoment(group.firstSeen)}>
                    {moment(group.firstSeen, now)}
                    {group.firstSeenEver >= reply.from && <span class="tag">new</span>}
                  </td>
                  <td class="mono" title={fullMoment(group.lastSeen)}>
                    {moment(group.lastSeen, now)}
                  </td>
                  <td>
                    {group.sampleViews.slice(0, 3).map((id, i) => (
                      <a key={id} class="sample" href={`/dashboard/views/${encodeURIComponent(id)}`}>
                        view {i + 1}
                      </a>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

/** Success by what was sent and who should play it: the worst first. */
function Matrix({
  reply,
  error,
  page,
}: {
  reply: BreakdownReply | undefined;
  error: Error | undefined;
  page: DashboardPageProps;
}) {
  const rows = (reply?.rows ?? [])
    .filter((row) => row.attempts > 0)
    .toSorted((a, b) => (failureRate(b) ?? 0) - (failureRate(a) ?? 0) || b.attempts - a.attempts);
  const name = (row: BreakdownReply["rows"][number], i: number) => {
    const dimension = (["codec", "container", "browser"] as const)[i] ?? "codec";
    const value = row.values[i] ?? null;
    return value === null ? page.names.value(dimension, null) : valueName(dimension, value);
  };
  return (
    <Section title="Success by codec, container, browser">
      {error && !reply && <PartFailed error={error} />}
      {reply && rows.length === 0 && <p class="breakdown-none">Nothing was meant to play.</p>}
      {rows.length > 0 && (
        <div
          class="table-scroll"
          data-tall
          tabIndex={0}
          role="region"
          aria-label="Success by codec, container and browser"
        >
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Codec</th>
                <th scope="col">Container</th>
                <th scope="col">Browser</th>
                <th scope="col" data-number>
                  Views
                </th>
                <th scope="col" data-number>
                  Success
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={JSON.stringify(row.values)}>
                  <th scope="row" class="mono">
                    {name(row, 0)}
                  </th>
                  <td>{name(row, 1)}</td>
                  <td>{name(row, 2)}</td>
                  <td data-number>{say(count(row.attempts))}</td>
                  <td data-number data-bad={failures(row) > 0} class="success">
                    <i style={{ width: `${(successOf(failureRate(row)) ?? 0) * 100}%` }} />
                    {say(share(successOf(failureRate(row))))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
