import type { LiveReply, ViewRow } from "@playhead/protocol";
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { timecode } from "../../design/timecode.js";
import type { Counted, OverTimeReply } from "../chart-options.js";
import { valueName } from "../dimensions.js";
import { VoidStrip } from "../empty.js";
import { Detail, Headline } from "../fact.js";
import { connection, live, useLive } from "../live.js";
import type { Charted } from "../metrics.js";
import { fullMoment, moment } from "../moment.js";
import type { Names } from "../names.js";
import { bitrate, count, counted, milliseconds, say, unknown } from "../quantity.js";
import { Section } from "../section.js";
import { Skeleton } from "../skeleton.js";
import { standing } from "../states.js";
import type { DashboardPageProps } from "../tabs.js";
import { TimeFigure } from "../time-figure.js";
import { byTrouble, countStates, inPlace } from "./by-trouble.js";

/** More rows than these nobody reads, and a thousand that move would hold up the page. */
const MOST_ROWS = 100;

/** `/dashboard/live`: who is watching at this moment, and how it goes. */
export function LivePage({ names }: DashboardPageProps) {
  useLive();
  const reply = live.value;
  useEffect(() => {
    if (reply) note(reply);
  }, [reply]);
  const lost = connection.value === "lost" && (
    <p class="tag now-lost" data-tone="warn" role="status">
      the server is away, trying again{reply && `; this is how it was ${moment(reply.at, Date.now())}`}
    </p>
  );
  if (!reply) return lost || <Skeleton />;
  return (
    <>
      {lost}
      <States views={reply.views} watching={reply.concurrent} />
      {reply.views.length === 0 ? <Nobody /> : <Watchers views={reply.views} at={reply.at} names={names} />}
      {history.value && history.value.points.length > 1 && (
        <TimeFigure
          title={watching.name}
          metric={watching}
          reply={history.value}
          counted={open}
          onZoom={() => undefined}
          finestMs={Number.POSITIVE_INFINITY}
        />
      )}
    </>
  );
}

function States({ views, watching }: { views: readonly ViewRow[]; watching: number }) {
  const { playing, stalled, starting, seeking, paused } = countStates(views);
  const viewers = new Set(views.flatMap(({ viewerId }) => viewerId ?? [])).size;
  return (
    <div class="figures">
      <dl class="headlines">
        <Headline name="Watching" title="Views that start, play, seek or stall at this moment." of={count(watching)}>
          {counted(viewers, "viewer")}, {counted(views.length, "open view")}
        </Headline>
        <Headline name="Playing" title="The picture moves." of={count(playing)} />
        <Headline
          name="Stalled"
          title="Playback stands for lack of data, though it should play."
          of={count(stalled)}
          bad={stalled > 0}
        />
        <Headline name="Paused" title="Open, and not playing: paused, silent, or not started." of={count(paused)} />
      </dl>
      <dl class="details">
        <Detail name="Starting" title="Asked to play, and no frame yet." of={count(starting)} />
        <Detail name="Seeking" title="On the way to another place." of={count(seeking)} />
      </dl>
    </div>
  );
}

function Watchers({ views, at, names }: { views: readonly ViewRow[]; at: number; names: Names }) {
  // By the pointer, and by what has the focus.
  const pointed = useSignal(false);
  const focused = useSignal(false);
  const before = useRef<readonly string[]>([]);
  const ordered = pointed.value || focused.value ? inPlace(views, before.current) : byTrouble(views);
  const rows = ordered.slice(0, MOST_ROWS);
  before.current = ordered.map(({ viewId }) => viewId);
  return (
    <Section title="In trouble first">
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Open views"
        onPointerEnter={() => {
          pointed.value = true;
        }}
        onPointerLeave={() => {
          pointed.value = false;
        }}
        onFocusIn={() => {
          focused.value = true;
        }}
        onFocusOut={({ currentTarget, relatedTarget }) => {
          focused.value = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
        }}
      >
        <table class="table" data-lines>
          <thead>
            <tr>
              <th scope="col">Film</th>
              <th scope="col">State</th>
              <th scope="col" data-number>
                At
              </th>
              <th scope="col" data-number>
                Stalled
              </th>
              <th scope="col" data-number>
                Bitrate
              </th>
              <th scope="col">Delivery</th>
              <th scope="col">Browser</th>
              <th scope="col">Viewer</th>
              <th scope="col">Began</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((view) => (
              <Watcher key={view.viewId} view={view} at={at} names={names} />
            ))}
          </tbody>
        </table>
      </div>
      {ordered.length > rows.length && (
        <p class="figure-definition">And {counted(ordered.length - rows.length, "view")} more.</p>
      )}
    </Section>
  );
}

function Watcher({ view, at, names }: { view: ViewRow; at: number; names: Names }) {
  const { word, tone } = standing(view);
  const { positionMs, rebufferMs, rebufferCount, averageBitrateBps, delivery, startedAt } = view;
  return (
    <tr>
      <th scope="row">
        <a href={`/dashboard/views/${encodeURIComponent(view.viewId)}`}>{names.film(view.mediaId)}</a>
      </th>
      <td>
        <span class="state" data-tone={tone} data-live>
          {word}
        </span>
      </td>
      <td data-number class="mono">
        {positionMs === null ? say(unknown) : timecode(positionMs)}
      </td>
      <td data-number data-bad={(rebufferCount ?? 0) > 0}>
        {rebufferCount === 0 ? "–" : say(milliseconds(rebufferMs))}
      </td>
      <td data-number>{say(bitrate(averageBitrateBps))}</td>
      <td>{delivery === null ? "–" : valueName("delivery", delivery)}</td>
      <td>{[view.browser, view.os].filter((part) => part !== null).join(" on ") || "–"}</td>
      <td>{names.viewer(view.viewerId)}</td>
      <td class="mono" title={fullMoment(startedAt)}>
        {moment(startedAt, at)}
      </td>
    </tr>
  );
}

function Nobody() {
  return (
    <section class="void">
      <VoidStrip />
      <h2 class="title-face">Nobody is watching</h2>
      <p>Whoever plays a film is here within two seconds, and their state with them.</p>
      <div class="void-actions">
        <a class="button" data-kind="primary" href="/">
          To the library
        </a>
      </div>
    </section>
  );
}

interface Moment {
  readonly playing: number;
  readonly stalled: number;
  readonly other: number;
}

/** What was seen since the window was opened, by slots of five seconds; the server keeps no history of this. */
const SLOT_MS = 5_000;
/** An hour. */
const MOST_SLOTS = 720;
const nothing: Moment = { playing: 0, stalled: 0, other: 0 };
const history = signal<OverTimeReply<Moment> | undefined>(undefined);

const open: Counted<Moment> = {
  name: "open",
  value: ({ playing, stalled, other }) => playing + stalled + other,
};
const watching: Charted<Moment> = {
  id: "watching",
  name: "Since this page was opened",
  definition: "Views that are open, by their state: the last that was told in each five seconds.",
  show: count,
  chart: "bars",
  whole: true,
  series: [
    { name: "playing", value: ({ playing }) => playing, colour: "--chart-2" },
    { name: "stalled", value: ({ stalled }) => stalled, colour: "--color-bad" },
    { name: "other", value: ({ other }) => other, colour: "--color-tick" },
  ],
};

function note({ at, views }: LiveReply): void {
  const slot = Math.floor(at / SLOT_MS) * SLOT_MS;
  const { playing, stalled, starting, seeking, paused } = countStates(views);
  const now = { at: slot, playing, stalled, other: starting + seeking + paused };
  const earlier = (history.peek()?.points ?? []).filter((point) => point.at < slot);
  const last = earlier.at(-1);
  const between = last === undefined ? 0 : Math.min(MOST_SLOTS, (slot - last.at) / SLOT_MS - 1);
  // The server speaks at least every ten seconds: for so long nothing changed, beyond it nobody knows.
  const shown = last && between <= 2 ? last : nothing;
  const filled = Array.from({ length: between }, (_, i) => ({ ...shown, at: slot - (between - i) * SLOT_MS }));
  const points = [...earlier, ...filled, now].slice(-MOST_SLOTS);
  history.value = { from: points[0]?.at ?? slot, to: slot + SLOT_MS, intervalMs: SLOT_MS, points };
}
