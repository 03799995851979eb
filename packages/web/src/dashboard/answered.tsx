import type { ComponentChildren } from "preact";
import { loadAnyViews } from "./analytics.js";
import { Empty } from "./empty.js";
import { Outdated } from "./outdated.js";
import { createMemory, type Panel, usePanel } from "./panel.js";
import { Skeleton } from "./skeleton.js";
import type { DashboardState } from "./url-state.js";

/** What moves slowly is asked for at most so often, ms. */
export const CALM_MS = 10_000;

const ever = createMemory<boolean>();

export interface AnsweredProps<T> {
  readonly panel: Panel<T>;
  readonly state: DashboardState;
  readonly onState: (next: DashboardState) => void;
  /** Whether the answer holds nothing at all. */
  readonly isEmpty: (value: T) => boolean;
  /** What stands there then, for a page that is not about views. */
  readonly empty?: ComponentChildren;
  readonly children: (value: T) => ComponentChildren;
}

/** What a page is about, once it is there: until then its shape, and in its place what went wrong, or that there is nothing. */
export function Answered<T>({ panel, state, onState, isEmpty, empty, children }: AnsweredProps<T>) {
  const { value, error, loading, stale, reload } = panel;
  const any = usePanel(ever, "ever", 0, loadAnyViews);
  return (
    <>
      {error && <Outdated error={error} known={value !== undefined} onReload={reload} />}
      {value === undefined && loading && <Skeleton />}
      {value !== undefined &&
        (isEmpty(value) && !stale ? (
          (empty ?? <Empty state={state} ever={any.value} onState={onState} />)
        ) : (
          <div class="dashboard-answer" data-stale={stale}>
            {children(value)}
          </div>
        ))}
    </>
  );
}
