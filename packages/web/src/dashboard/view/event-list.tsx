import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { timecode } from "../../design/timecode.js";
import { sizeName } from "../../item/names.js";
import { counted, milliseconds, say } from "../quantity.js";
import { axisTime } from "./axis.js";
import { type EventRow, eventRows, runTotals } from "./event-rows.js";
import { eventWords } from "./event-words.js";
import { flagOf, isServerEvent, numberOf, rawOf, type ViewEvent } from "./view-event.js";

/** Rows on a page. */
const PAGE = 250;

export interface EventListProps {
  readonly events: readonly ViewEvent[];
  /** Unix ms of the view's start. */
  readonly zero: number;
  /** The marker's place follows the row that is looked at. */
  readonly at: Signal<number | undefined>;
}

/** The row that stands at a time of the view: the last one until then. */
function rowAt(list: Element | null, ms: number): HTMLElement | undefined {
  const rows = [...(list?.querySelectorAll<HTMLElement>(".event-row") ?? [])];
  return rows.findLast((row) => Number(row.dataset["at"]) <= ms) ?? rows[0];
}

/** The events in order. Each opens to what was sent; the arrow keys go up and down. */
export function EventList({ events, zero, at }: EventListProps) {
  const open = useSignal<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLOListElement>(null);
  const toggle = (id: string) => {
    const next = new Set(open.value);
    if (!next.delete(id)) next.add(id);
    open.value = next;
  };
  // Set on the element: hundreds of rows need not be drawn again for one to be marked.
  useSignalEffect(() => {
    const ms = at.value;
    list.current?.querySelector("[data-here]")?.removeAttribute("data-here");
    if (ms !== undefined) rowAt(list.current, ms)?.setAttribute("data-here", "");
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>(".event-row") ?? [])];
    const here = rows.findIndex((row) => row === document.activeElement);
    if (here < 0) return;
    event.preventDefault();
    rows[here + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  };
  const all = useMemo(() => eventRows(events), [events]);
  // A long view has thousands: as many as can be read are drawn, those around the marker first.
  const page = useSignal(0);
  const pages = Math.ceil(all.length / PAGE);
  useSignalEffect(() => {
    const ms = at.value;
    if (ms === undefined) return;
    const here = all.findLastIndex((row) => beginOf(row) - zero <= ms);
    page.value = Math.floor(Math.max(0, here) / PAGE);
  });
  const start = Math.min(page.value, Math.max(0, pages - 1)) * PAGE;
  const rows = all.slice(start, start + PAGE).flatMap((row) => {
    if (row.kind === "event" || !open.value.has(row.id)) return [{ row, inner: false }];
    return [
      { row, inner: false },
      ...row.events.map((event) => ({ row: { kind: "event", event } satisfies EventRow, inner: true })),
    ];
  });

  return (
    <section class="events" aria-labelledby="events">
      <header class="events-head">
        <h2 class="title-face" id="events">
          Events, in order
        </h2>
        <p class="mono events-count">{counted(events.length, "event")}</p>
      </header>
      <p class="event-columns label" aria-hidden="true">
        <span>Time</span>
        <span>Playhead</span>
        <span>What</span>
      </p>
      <ol class="event-list" ref={list} onKeyDown={onKeyDown}>
        {rows.map(({ row, inner }) =>
          row.kind === "run" ? (
            <Run
              key={row.id}
              events={row.events}
              zero={zero}
              at={at}
              open={open.value.has(row.id)}
              onToggle={() => toggle(row.id)}
            />
          ) : (
            <Event
              key={row.event.id}
              event={row.event}
              zero={zero}
              at={at}
              inner={inner}
              open={open.value.has(row.event.id)}
              onToggle={() => toggle(row.event.id)}
            />
          ),
        )}
      </ol>
      {pages > 1 && (
        <nav class="event-pages" aria-label="Pages of events">
          <button
            type="button"
            class="button"
            data-size="small"
            disabled={page.value === 0}
            onClick={() => {
              page.value--;
            }}
          >
            Earlier
          </button>
          <span>
            Page {page.value + 1} of {pages}
          </span>
          <button
            type="button"
            class="button"
            data-size="small"
            disabled={page.value >= pages - 1}
            onClick={() => {
              page.value++;
            }}
          >
            Later
          </button>
        </nav>
      )}
    </section>
  );
}

const beginOf = (row: EventRow) => (row.kind === "run" ? (row.events[0]?.ts ?? 0) : row.event.ts);

interface RowProps {
  readonly zero: number;
  readonly at: Signal<number | undefined>;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Event({ event, zero, at, inner, open, onToggle }: RowProps & { event: ViewEvent; inner: boolean }) {
  const { name, detail } = eventWords(event);
  const ms = event.ts - zero;
  const position = numberOf(event, "positionMs");
  const put = () => {
    at.value = ms;
  };
  return (
    <li class="event" data-tone={toneOf(event)} data-inner={inner} data-quiet={quiet.has(event.type)}>
      <button
        type="button"
        class="event-row"
        aria-expanded={open}
        data-at={ms}
        onClick={onToggle}
        onFocus={put}
        onPointerEnter={put}
      >
        <span class="event-time mono">{axisTime(ms, 1)}</span>
        <span class="event-position mono">{position === undefined ? "" : timecode(position)}</span>
        <span class="event-what">
          <span class="event-name">{name}</span> <span class="event-detail">{detail}</span>
        </span>
        <span class="event-type mono">{event.type}</span>
        <span class="event-source mono">{isServerEvent(event) ? "server" : event.source}</span>
      </button>
      {open && (
        <pre class="event-raw mono" tabIndex={0} aria-label="As it was sent">
          {rawOf(event)}
        </pre>
      )}
    </li>
  );
}

function Run({ events, zero, at, open, onToggle }: RowProps & { events: readonly ViewEvent[] }) {
  const first = events[0];
  if (!first) return null;
  const { requests, bytes, slowestMs, waitMs } = runTotals(events);
  const ms = first.ts - zero;
  const position = numberOf(first, "positionMs");
  const put = () => {
    at.value = ms;
  };
  return (
    <li class="event" data-quiet>
      <button
        type="button"
        class="event-row"
        aria-expanded={open}
        data-at={ms}
        onClick={onToggle}
        onFocus={put}
        onPointerEnter={put}
      >
        <span class="event-time mono">{axisTime(ms, 1)}</span>
        <span class="event-position mono">{position === undefined ? "" : timecode(position)}</span>
        <span class="event-what">
          <span class="event-name">{counted(requests, "request")}</span>{" "}
          <span class="event-detail">
            {sizeName(bytes)} in all, the slowest took {say(milliseconds(slowestMs))}
            {waitMs > 0 && `, ${say(milliseconds(waitMs))} waiting for the server`}
          </span>
        </span>
        <span class="event-type mono">{open ? "close" : "show each"}</span>
        <span class="event-source mono" />
      </button>
    </li>
  );
}

/** They say what others have said already, or that nothing happened. */
const quiet: ReadonlySet<string> = new Set(["state_change", "heartbeat", "request", "segment"]);

function toneOf(event: ViewEvent): string {
  if (event.type === "transcode_error" || (event.type === "error" && flagOf(event, "fatal"))) return "bad";
  if (event.type === "error" || event.type === "rebuffer_start") return "warn";
  return "plain";
}
