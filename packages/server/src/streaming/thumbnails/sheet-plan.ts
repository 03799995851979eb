import { displaySize, type MediaInfo } from "@playhead/hls";

/** How a film's pictures lie on its sheets. The same film always gets the same plan. */
export interface SheetPlan {
  /** Seconds from one picture to the next. */
  readonly intervalS: number;
  /** Of one picture, px. */
  readonly width: number;
  readonly height: number;
  readonly durationS: number;
  readonly sheets: readonly Sheet[];
}

export interface Sheet {
  readonly index: number;
  readonly startS: number;
  readonly pictures: number;
  readonly columns: number;
  readonly rows: number;
}

/** Grows when a plan would come out otherwise than before: sheets of another version are made anew. */
export const SHEET_VERSION = 1;

const LONG_SIDE_PX = 160;
const COLUMNS = 5;
const PICTURES = COLUMNS * 5;
/** A picture each 10 s; more often in short films, less often where that would be too many. */
const INTERVAL_S = 10;
const LEAST_INTERVAL_S = 2;
const MOST_SHEETS = 40;

/** Undefined where there is nothing to look at. */
export function planSheets(info: MediaInfo): SheetPlan | undefined {
  const [video] = info.video;
  const durationS = info.durationMs / 1000;
  if (video === undefined || durationS < LEAST_INTERVAL_S) return undefined;
  const size = displaySize(video);
  const scale = LONG_SIDE_PX / Math.max(size.width, size.height);
  const forShort = Math.min(INTERVAL_S, Math.max(LEAST_INTERVAL_S, Math.round(durationS / 100)));
  const intervalS = Math.max(forShort, Math.ceil(durationS / (MOST_SHEETS * PICTURES)));
  const total = Math.ceil(durationS / intervalS);
  const sheets = Array.from({ length: Math.ceil(total / PICTURES) }, (_, index) => {
    const pictures = Math.min(PICTURES, total - index * PICTURES);
    const columns = Math.min(COLUMNS, pictures);
    return { index, startS: index * PICTURES * intervalS, pictures, columns, rows: Math.ceil(pictures / columns) };
  });
  return { intervalS, width: even(size.width * scale), height: even(size.height * scale), durationS, sheets };
}

/** WebVTT in which each cue names a sheet and a rectangle on it (W3C Media Fragments, `#xywh`). */
export function sheetsVtt(plan: SheetPlan, addressOf: (sheet: number) => string): string {
  const { intervalS, width, height, durationS } = plan;
  const cues = plan.sheets.flatMap(({ index, startS, pictures, columns }) =>
    Array.from({ length: pictures }, (_, i) => {
      const from = startS + i * intervalS;
      const x = (i % columns) * width;
      const y = Math.floor(i / columns) * height;
      const times = `${cueTime(from)} --> ${cueTime(Math.min(durationS, from + intervalS))}`;
      return `${times}\n${addressOf(index)}#xywh=${x},${y},${width},${height}\n`;
    }),
  );
  return `WEBVTT\n\n${cues.join("\n")}`;
}

const even = (length: number) => Math.max(2, 2 * Math.round(length / 2));

function cueTime(s: number): string {
  const ms = Math.round(s * 1000);
  const part = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, "0");
  return `${part(ms / 3_600_000, 2)}:${part((ms / 60_000) % 60, 2)}:${part((ms / 1000) % 60, 2)}.${part(ms % 1000, 3)}`;
}
