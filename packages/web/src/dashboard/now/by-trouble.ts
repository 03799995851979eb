import type { ViewRow } from "@playhead/protocol";

/** What somebody who looks after the service looks at first. */
const order = ["failed", "rebuffering", "waiting_start", "seeking", "playing", "paused", "silent", "idle"];
const place = ({ state }: ViewRow) => {
  const found = order.indexOf(state);
  return found < 0 ? order.length : found;
};

/** Views in trouble first; among equals those that stalled longest, then those that began last. */
export function byTrouble(views: readonly ViewRow[]): readonly ViewRow[] {
  return views.toSorted(
    (a, b) =>
      place(a) - place(b) || (b.rebufferMs ?? 0) - (a.rebufferMs ?? 0) || b.startedAt - a.startedAt || compare(a, b),
  );
}

const compare = (a: ViewRow, b: ViewRow) => (a.viewId < b.viewId ? -1 : a.viewId > b.viewId ? 1 : 0);

/** The order of `before` for what was in it, and the rest behind: rows that somebody reads stay where they are. */
export function inPlace(views: readonly ViewRow[], before: readonly string[]): readonly ViewRow[] {
  const byId = new Map(views.map((view) => [view.viewId, view]));
  const kept = before.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(before);
  return [...kept, ...views.filter(({ viewId }) => !known.has(viewId))];
}

export interface StateCounts {
  readonly playing: number;
  readonly stalled: number;
  /** Starting or seeking: data is awaited, as is usual there. */
  readonly starting: number;
  readonly seeking: number;
  /** Paused, silent, or not played yet. */
  readonly paused: number;
}

export function countStates(views: readonly ViewRow[]): StateCounts {
  const of = (...states: readonly string[]) => views.filter(({ state }) => states.includes(state)).length;
  const [playing, stalled, starting, seeking] = [of("playing"), of("rebuffering"), of("waiting_start"), of("seeking")];
  return { playing, stalled, starting, seeking, paused: views.length - playing - stalled - starting - seeking };
}
