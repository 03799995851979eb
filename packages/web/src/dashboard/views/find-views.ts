import type { ViewRow } from "@playhead/protocol";
import type { Names } from "../names.js";
import { standing } from "../states.js";

export interface Order {
  readonly id: string;
  readonly name: string;
  /** What stands first has most of it; null stands last. */
  readonly by: (view: ViewRow) => number | null;
}

export const orders = [
  { id: "", name: "Newest first", by: ({ startedAt }) => startedAt },
  { id: "startup", name: "Slowest start first", by: ({ startupMs }) => startupMs },
  { id: "stalled", name: "Longest stalled first", by: ({ rebufferMs }) => rebufferMs },
  { id: "stalls", name: "Most stalls first", by: ({ rebufferCount }) => rebufferCount },
  { id: "watched", name: "Longest watched first", by: ({ watchMs }) => watchMs },
  { id: "score", name: "Worst score first", by: ({ seedScore }) => (seedScore === null ? null : -seedScore) },
  { id: "errors", name: "Most errors first", by: ({ errorCount }) => errorCount },
] as const satisfies readonly [Order, ...Order[]];

export function inOrder(views: readonly ViewRow[], { by }: Order): readonly ViewRow[] {
  return views.toSorted((a, b) => (by(b) ?? Number.NEGATIVE_INFINITY) - (by(a) ?? Number.NEGATIVE_INFINITY) || 0);
}

/** Those that have every word of `text` in what is known of them, whatever the case. */
export function findViews(views: readonly ViewRow[], text: string, names: Pick<Names, "film" | "viewer">) {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return views;
  return views.filter((view) => {
    const known = [names.film(view.mediaId), names.viewer(view.viewerId), standing(view).word];
    const { viewId, viewerId, browser, os, deviceType, codec, delivery, country } = view;
    const { playerName, errorCode, errorMessage, startCause, stallCause, variant } = view;
    known.push(
      viewId,
      viewerId ?? "",
      browser ?? "",
      os ?? "",
      deviceType ?? "",
      codec ?? "",
      delivery ?? "",
      country ?? "",
    );
    known.push(
      playerName ?? "",
      errorCode ?? "",
      errorMessage ?? "",
      startCause ?? "",
      stallCause ?? "",
      variant ?? "",
    );
    const all = known.join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
