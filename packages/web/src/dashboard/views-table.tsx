import type { ViewRow } from "@playhead/protocol";
import { valueName } from "./dimensions.js";
import { Makeup } from "./makeup.js";
import { fullMoment, moment } from "./moment.js";
import type { Names } from "./names.js";
import { bitrate, count, counted, milliseconds, say, unknown } from "./quantity.js";
import { standing } from "./states.js";

export interface ViewsTableProps {
  readonly views: readonly ViewRow[];
  readonly names: Names;
  readonly now: number;
}

/** Views, newest first; each row leads to its view. */
export function ViewsTable({ views, names, now }: ViewsTableProps) {
  return (
    <table class="table views">
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Film</th>
          <th scope="col">State</th>
          <th scope="col" data-number title="From the intent to play to the first frame">
            Startup
          </th>
          <th scope="col" data-number title="Playing, stalled and seeking; pauses are left out">
            Watched
          </th>
          <th scope="col" title="What its time went into: starting, playing, seeking, stalled, paused">
            Made of
          </th>
          <th scope="col" data-number>
            Stalls
          </th>
          <th scope="col" data-number data-wide>
            Bitrate
          </th>
          <th scope="col" data-wide>
            Delivery
          </th>
          <th scope="col" data-wide>
            Browser
          </th>
          <th scope="col" data-wide>
            Viewer
          </th>
        </tr>
      </thead>
      <tbody>
        {views.map((view) => (
          <Row key={view.viewId} view={view} names={names} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ view, names, now }: { view: ViewRow; names: Names; now: number }) {
  const { word, tone } = standing(view);
  const browser = [view.browser, view.os].filter((part) => part !== null).join(" on ");
  return (
    <tr>
      <td class="views-began mono">
        <time dateTime={new Date(view.startedAt).toISOString()} title={fullMoment(view.startedAt)}>
          {moment(view.startedAt, now)}
        </time>
      </td>
      <th scope="row" class="views-film">
        <a href={`/dashboard/views/${encodeURIComponent(view.viewId)}`}>{names.film(view.mediaId)}</a>
      </th>
      <td class="views-state">
        <span class="state" data-tone={tone} data-live={view.exit === "open"} title={view.errorMessage}>
          {word}
          {view.errorCode !== undefined && view.exit.endsWith("_failure") && (
            <span class="mono state-code">{view.errorCode}</span>
          )}
        </span>
      </td>
      <td data-number>{say(milliseconds(view.startupMs))}</td>
      <td data-number>{say(milliseconds(view.watchMs))}</td>
      <td class="views-makeup">
        <Makeup view={view} />
      </td>
      <td data-number data-bad={view.rebufferCount !== null && view.rebufferCount > 0}>
        {view.rebufferCount === null ? (
          say(unknown)
        ) : view.rebufferCount === 0 ? (
          <span class="nought">0</span>
        ) : (
          <span title={`${counted(view.rebufferCount, "stall")}, ${say(milliseconds(view.rebufferMs))} in all`}>
            {say(count(view.rebufferCount))} · {say(milliseconds(view.rebufferMs))}
          </span>
        )}
      </td>
      <td data-number data-wide>
        {say(bitrate(view.averageBitrateBps))}
      </td>
      <td data-wide>{view.delivery === null ? "–" : valueName("delivery", view.delivery)}</td>
      <td data-wide>{browser || "–"}</td>
      <td data-wide class="mono">
        {names.viewer(view.viewerId)}
      </td>
    </tr>
  );
}
