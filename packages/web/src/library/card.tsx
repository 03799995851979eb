import type { LibraryItem } from "@playhead/protocol";
import { Icon } from "../design/icon.js";
import { duration, timecode } from "../design/timecode.js";
import { PlayLink } from "../item/play-link.js";
import { fullName, isUntitled, type Recent } from "./arrange.js";
import "./card.css";
import { episodeCode } from "./episode-code.js";
import { resumePoint } from "./resume-point.js";
import { Still } from "./still.js";

/** One item: its frame, its name, and what was measured of it. */
export function Card({ item, eager = false }: { item: LibraryItem; eager?: boolean }) {
  const code = item.series === undefined || isUntitled(item) ? "" : episodeCode(item);
  return (
    <a class="card" href={`/media/${encodeURIComponent(item.id)}`}>
      <Still item={item} eager={eager} />
      <span class="card-title">
        {code && <span class="card-code mono">{code}</span>} {item.title}
      </span>
      <span class="card-facts mono">{factsOf(item)}</span>
    </a>
  );
}

/** What came lately: a film, or an episode that stands for all that came with it. */
export function RecentCard({ recent: { item, count } }: { recent: Recent }) {
  return (
    <a class="card" href={`/media/${encodeURIComponent(item.id)}`}>
      <Still item={item} eager />
      <span class="card-title">{item.series ?? item.title}</span>
      <span class="card-facts mono">
        {count > 1 ? `${count} episodes` : item.series === undefined ? factsOf(item) : episodeCode(item)}
      </span>
    </a>
  );
}

/** The same item on its way: whose it is, how much is left, and one click to go on. */
export function BegunCard({ item }: { item: LibraryItem }) {
  const at = resumePoint(item.positionMs, item.durationMs, item.creditsMs) ?? 0;
  return (
    <PlayLink class="card begun" mediaId={item.id} positionMs={at}>
      <Still item={item} eager />
      <span class="begun-play">
        <Icon name="play" />
      </span>
      <span class="card-title">{fullName(item)}</span>
      <span class="card-facts mono">
        <b>{at > 0 ? timecode(at) : "Up next"}</b>{" "}
        {item.durationMs !== null && (at > 0 ? `${duration(item.durationMs - at)} left` : duration(item.durationMs))}
      </span>
    </PlayLink>
  );
}

function factsOf(item: LibraryItem): string {
  if (item.status === "pending") return "being examined…";
  const facts = [
    item.year,
    item.durationMs === null ? undefined : duration(item.durationMs),
    item.height === undefined ? undefined : resolutionName(item.width ?? 0, item.height),
  ];
  return facts.filter((fact) => fact !== undefined).join("  ");
}

/** `1080p`, `4K`: by the side that a wide or a tall picture is named for. */
export function resolutionName(width: number, height: number): string {
  const lines = Math.max(Math.min(width, height), Math.round((Math.max(width, height) * 9) / 16));
  const names = [
    [4000, "8K"],
    [2000, "4K"],
    [1400, "1440p"],
    [1000, "1080p"],
    [690, "720p"],
    [560, "576p"],
    [460, "480p"],
  ] as const;
  return names.find(([least]) => lines >= least)?.[1] ?? `${Math.min(width || height, height)}p`;
}
