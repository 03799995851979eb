import type { ViewRow, ViewsReply } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { loadViews } from "../analytics.js";
import { Answered, CALM_MS } from "../answered.js";
import { useLive } from "../live.js";
import { usePageParam } from "../page-param.js";
import { createMemory, usePanel } from "../panel.js";
import { PartFailed } from "../part-failed.js";
import { usePulse } from "../pulse.js";
import { counted } from "../quantity.js";
import type { DashboardPageProps } from "../tabs.js";
import { apiQuery } from "../url-state.js";
import { ViewsTable } from "../views-table.js";
import { findViews, inOrder, orders } from "./find-views.js";

const memory = createMemory<ViewsReply>();
/** Loaded at once; as many again each time more are asked for. */
const PAGE_SIZE = 200;

/** `/dashboard/views`: single views, to be searched, narrowed down and put in order. */
export function ViewsPage(page: DashboardPageProps) {
  useLive();
  const { state, onState } = page;
  const calm = usePulse(CALM_MS);
  const key = apiQuery(state).toString();
  const panel = usePanel(memory, key, calm, (signal) => loadViews(state, { limit: PAGE_SIZE }, signal));
  return (
    <Answered panel={panel} state={state} onState={onState} isEmpty={({ views }) => views.length === 0}>
      {(reply) => <Found key={key} newest={reply} page={page} />}
    </Answered>
  );
}

function Found({ newest, page }: { newest: ViewsReply; page: DashboardPageProps }) {
  const { state, names } = page;
  const [find, setFind] = usePageParam("find", "");
  const [sort, setSort] = usePageParam("sort", "");
  const earlier = useSignal<ViewsReply | undefined>(undefined);
  const loading = useSignal(false);
  const failure = useSignal<Error | undefined>(undefined);
  // Pages move when new views begin: what stands in both is shown once.
  const seen = new Set(newest.views.map(({ viewId }) => viewId));
  const all: readonly ViewRow[] = [
    ...newest.views,
    ...(earlier.value?.views.filter(({ viewId }) => !seen.has(viewId)) ?? []),
  ];
  const next = earlier.value ? earlier.value.next : newest.next;
  const order = orders.find(({ id }) => id === sort) ?? orders[0];
  const shown = inOrder(findViews(all, find, names), order);

  const more = async () => {
    if (next === undefined || loading.value) return;
    loading.value = true;
    try {
      const page = await loadViews(state, { limit: PAGE_SIZE, cursor: next }, new AbortController().signal);
      earlier.value = { ...page, views: [...(earlier.value?.views ?? []), ...page.views] };
      failure.value = undefined;
    } catch (error) {
      failure.value = error instanceof Error ? error : new Error(String(error));
    } finally {
      loading.value = false;
    }
  };
  return (
    <section class="recent" aria-label="Views">
      <div class="finder">
        <label class="finder-field">
          <span class="label">Find</span>
          <input
            class="field"
            type="search"
            value={find}
            placeholder="Film, viewer, browser, error, id …"
            onInput={(event) => setFind(event.currentTarget.value)}
          />
        </label>
        <label class="finder-field">
          <span class="label">Order</span>
          <select class="field" value={order.id} onChange={(event) => setSort(event.currentTarget.value)}>
            {orders.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <p class="finder-count" role="status">
          {shown.length === all.length
            ? counted(all.length, "view")
            : `${shown.length} of ${counted(all.length, "view")}`}
          {next !== undefined && ", the newest in the range"}
        </p>
        <a class="export-link" href={`/api/v1/analytics/export?${apiQuery(state)}`} download>
          Export all as CSV
        </a>
      </div>
      {shown.length > 0 ? (
        <ViewsTable views={shown} names={names} now={Date.now()} />
      ) : (
        <p class="breakdown-none">No view among those that are loaded has “{find}” in it.</p>
      )}
      {failure.value && <PartFailed error={failure.value} />}
      {next !== undefined && (
        <button type="button" class="button" data-size="small" disabled={loading.value} onClick={() => void more()}>
          Load earlier views
        </button>
      )}
    </section>
  );
}
