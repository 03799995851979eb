import type { ViewRow } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import {
  loadAnyViews,
  loadBreakdown,
  loadHistogram,
  loadOverview,
  loadOverviewBefore,
  loadTimeseries,
  loadViews,
} from "./analytics.js";
import { Breakdown } from "./breakdown.js";
import { type Dimension, type Question, questions } from "./dimensions.js";
import { Empty } from "./empty.js";
import { Figures } from "./figures.js";
import { withFilter } from "./filter.js";
import { connection, live, useLive } from "./live.js";
import { metricOf } from "./metrics.js";
import type { Names } from "./names.js";
import { NowPlaying } from "./now-playing.js";
import { Outdated } from "./outdated.js";
import { OverTime } from "./over-time.js";
import { createMemory, usePanel } from "./panel.js";
import { PartFailed } from "./part-failed.js";
import { usePulse } from "./pulse.js";
import { Skeleton } from "./skeleton.js";
import { StartupHistogram } from "./startup-histogram.js";
import type { DashboardPageProps } from "./tabs.js";
import { apiQuery, between, type DashboardState } from "./url-state.js";
import { ViewsTable } from "./views-table.js";

/** Figures and the list follow the views closely; what moves slowly is asked for less often. */
const QUICK_MS = 2_000;
const CALM_MS = 10_000;
const PAGE_SIZE = 25;

const memory = {
  overview: createMemory<Awaited<ReturnType<typeof loadOverview>>>(),
  before: createMemory<Awaited<ReturnType<typeof loadOverviewBefore>>>(),
  timeseries: createMemory<Awaited<ReturnType<typeof loadTimeseries>>>(),
  histogram: createMemory<Awaited<ReturnType<typeof loadHistogram>>>(),
  views: createMemory<Awaited<ReturnType<typeof loadViews>>>(),
  ever: createMemory<boolean>(),
  breakdown: {
    what: createMemory<Awaited<ReturnType<typeof loadBreakdown>>>(),
    how: createMemory<Awaited<ReturnType<typeof loadBreakdown>>>(),
    where: createMemory<Awaited<ReturnType<typeof loadBreakdown>>>(),
    end: createMemory<Awaited<ReturnType<typeof loadBreakdown>>>(),
  },
};

/** `/dashboard`: how well it played. */
export function OverviewPage({ state, onState: setState, names }: DashboardPageProps) {
  useLive();
  const quick = usePulse(QUICK_MS);
  const calm = usePulse(CALM_MS);
  const key = apiQuery(state).toString();
  const overview = usePanel(memory.overview, key, quick, (signal) => loadOverview(state, signal));
  const before = usePanel(memory.before, key, 0, (signal) => loadOverviewBefore(state, signal));
  // With startup times, whatever the chart shows now: another figure is drawn at once.
  const timeseries = usePanel(memory.timeseries, key, calm, (signal) =>
    loadTimeseries(state, signal, { startup: true }),
  );
  const histogram = usePanel(memory.histogram, key, calm, (signal) => loadHistogram(state, signal));

  const totals = overview.value;
  const empty = totals !== undefined && totals.views === 0 && !overview.stale;
  return (
    <>
      {overview.error && <Outdated error={overview.error} known={totals !== undefined} onReload={overview.reload} />}
      <NowPlaying live={live.value} connection={connection.value} names={names} />
      {!totals && overview.loading && <Skeleton />}
      {totals && (
        <>
          {empty ? (
            <EmptyPanel state={state} pulse={quick} onState={setState} />
          ) : (
            <>
              <div data-stale={overview.stale}>
                <Figures
                  totals={totals}
                  before={before.stale || !state.compare ? undefined : before.value}
                  chosen={state.metric}
                  onChoose={(metric) => setState({ ...state, metric })}
                />
              </div>
              <div class="charts">
                <div data-stale={timeseries.stale}>
                  {!timeseries.value && timeseries.error && <PartFailed error={timeseries.error} />}
                  {timeseries.value && (
                    <OverTime
                      metric={metricOf(state.metric)}
                      reply={timeseries.value}
                      onZoom={(from, to) => setState(between(state, from, to))}
                    />
                  )}
                </div>
                <div data-stale={histogram.stale}>
                  {!histogram.value && histogram.error && <PartFailed error={histogram.error} />}
                  {histogram.value && <StartupHistogram reply={histogram.value} />}
                </div>
              </div>
              <div class="breakdowns">
                {questions.map((question) => (
                  <BreakdownPanel
                    key={question.id}
                    question={question}
                    state={state}
                    pulse={calm}
                    names={names}
                    onState={setState}
                  />
                ))}
              </div>
              <RecentViews state={state} pulse={quick} names={names} />
            </>
          )}
        </>
      )}
    </>
  );
}

interface PartProps {
  readonly state: DashboardState;
  readonly pulse: number;
  readonly onState: (next: DashboardState) => void;
}

function EmptyPanel({ state, pulse, onState }: PartProps) {
  const ever = usePanel(memory.ever, "ever", pulse, loadAnyViews);
  return <Empty state={state} ever={ever.value} onState={onState} />;
}

function BreakdownPanel({
  question,
  state,
  pulse,
  names,
  onState,
}: PartProps & { readonly question: Question; readonly names: Names }) {
  const by: Dimension = state.by[question.id];
  const key = `${by} ${apiQuery(state)}`;
  const panel = usePanel(memory.breakdown[question.id], key, pulse, (signal) => loadBreakdown(state, by, signal));
  return (
    <Breakdown
      question={question}
      by={by}
      reply={panel.value}
      stale={panel.stale}
      error={panel.error}
      names={names}
      onBy={(next) => onState({ ...state, by: { ...state.by, [question.id]: next } })}
      onOnly={(value) => onState({ ...state, filters: withFilter(state.filters, { dimension: by, value }) })}
    />
  );
}

function RecentViews({ state, pulse, names }: Omit<PartProps, "onState"> & { readonly names: Names }) {
  const key = apiQuery(state).toString();
  const panel = usePanel(memory.views, key, pulse, (signal) => loadViews(state, { limit: PAGE_SIZE }, signal));
  const earlier = useSignal<{ key: string; views: readonly ViewRow[]; next: string | undefined } | undefined>(
    undefined,
  );
  const more = earlier.value?.key === key ? earlier.value : undefined;
  const loading = useSignal(false);
  const failure = useSignal<Error | undefined>(undefined);
  if (!panel.value) return panel.error ? <PartFailed error={panel.error} /> : null;
  const newest = panel.value.views;
  // Pages move when new views begin: what stands in both is shown once.
  const seen = new Set(newest.map((view) => view.viewId));
  const views = [...newest, ...(more?.views.filter((view) => !seen.has(view.viewId)) ?? [])];
  const next = more ? more.next : panel.value.next;
  const showMore = async () => {
    if (next === undefined || loading.value) return;
    loading.value = true;
    try {
      const page = await loadViews(state, { limit: PAGE_SIZE * 2, cursor: next }, new AbortController().signal);
      earlier.value = { key, views: [...(more?.views ?? newest), ...page.views], next: page.next };
      failure.value = undefined;
    } catch (error) {
      failure.value = error instanceof Error ? error : new Error(String(error));
    } finally {
      loading.value = false;
    }
  };
  return (
    <section class="recent" aria-labelledby="recent" data-stale={panel.stale}>
      <h2 class="title-face" id="recent">
        Recent views
      </h2>
      <ViewsTable views={views} names={names} now={Date.now()} />
      {failure.value && <PartFailed error={failure.value} />}
      {next !== undefined && (
        <button type="button" class="button" data-size="small" disabled={loading.value} onClick={() => void showMore()}>
          Show earlier views
        </button>
      )}
    </section>
  );
}
