import type { LibraryItem } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { Icon } from "../design/icon.js";
import { isSeen, resumePoint } from "./resume-point.js";

export type StillItem = Pick<LibraryItem, "title" | "posterUrl" | "status" | "positionMs" | "durationMs" | "creditsMs">;

export interface StillProps {
  readonly item: StillItem;
  /** Above the fold: fetched at once. */
  readonly eager?: boolean;
  /** Draws the marker where the viewer stopped. */
  readonly marker?: boolean;
  /** Without the title on a cover: where it stands beside it already. */
  readonly mute?: boolean;
}

/** One frame of the film, or a cover set from its title where there is none (yet). */
export function Still({ item, eager = false, marker = true, mute = false }: StillProps) {
  const broken = useSignal(false);
  const at = marker ? resumePoint(item.positionMs, item.durationMs, item.creditsMs) : undefined;
  return (
    <span class="still" data-status={item.status}>
      {item.posterUrl && !broken.value ? (
        <img
          src={item.posterUrl}
          alt=""
          loading={eager ? "eager" : "lazy"}
          decoding="async"
          onError={() => {
            broken.value = true;
          }}
        />
      ) : (
        <Cover title={item.title} mute={mute} />
      )}
      {at !== undefined && item.durationMs && (
        <>
          <i class="still-progress" style={{ width: `${Math.min(99, (at / item.durationMs) * 100)}%` }} />
          <i class="still-marker" style={{ left: `${Math.min(99, (at / item.durationMs) * 100)}%` }} />
        </>
      )}
      {marker && isSeen(item.positionMs, item.durationMs, item.creditsMs) && (
        <span class="still-seen" title="Watched">
          <Icon name="check" size={14} />
          <span class="visually-hidden">Watched</span>
        </span>
      )}
    </span>
  );
}

/** Flat grounds with an ink that reads on each (contrast ≥ 7). */
const grounds = [
  ["#23372f", "#e9e3cd"],
  ["#5a1f1a", "#f5dfc8"],
  ["#1f3145", "#dfe6e4"],
  ["#d9b44a", "#221c07"],
  ["#d8d2c0", "#26241c"],
  ["#2c2a26", "#f0b79a"],
  ["#c9563c", "#1d0703"],
  ["#7fa39a", "#0b1f1b"],
] as const;

/** A cover of type alone: the same title always gets the same one. */
function Cover({ title, mute }: { title: string; mute: boolean }) {
  const seed = hash(title);
  const [ground, ink] = grounds[seed % grounds.length] ?? grounds[0];
  const at = 12 + ((seed >> 5) % 76);
  const size = title.length > 42 ? "small" : title.length > 18 ? "medium" : "large";
  return (
    <span class="cover" {...(!mute && { style: { background: ground, color: ink } })} aria-hidden="true">
      {!mute && (
        <span class="cover-title title-face" data-size={size}>
          {title}
        </span>
      )}
      <span class="cover-ruler" />
      <span class="cover-marker" style={{ left: `${at}%` }} />
    </span>
  );
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}
