import { useSignal } from "@preact/signals";
import { counted } from "../quantity.js";
import { axisTime, type Window } from "./axis.js";
import { type LaneRow, laneRows } from "./lane-rows.js";
import type { WaitSpan } from "./readout.js";
import type { ViewTimeline } from "./view-timeline.js";

const MOST_ROWS = 300;

export interface LaneTableProps {
  readonly timeline: ViewTimeline;
  readonly waits: readonly WaitSpan[];
  readonly window: Window;
}

/** The tracks as a table: what is shown of the view now, lane by lane. */
export function LaneTable({ timeline, waits, window }: LaneTableProps) {
  const open = useSignal(false);
  const rows = open.value ? laneRows(timeline, waits, window) : [];
  return (
    <details
      class="figure-table"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>Show as table</summary>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="The tracks as a table">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Track</th>
              <th scope="col" data-number>
                From
              </th>
              <th scope="col" data-number>
                To
              </th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_ROWS).map((row) => (
              <Row key={`${row.lane} ${row.from} ${row.what}`} row={row} />
            ))}
          </tbody>
        </table>
        {rows.length > MOST_ROWS && (
          <p class="breakdown-none">
            {counted(rows.length - MOST_ROWS, "more row")} of what is shown: look closer to see them.
          </p>
        )}
      </div>
    </details>
  );
}

function Row({ row: { lane, from, to, what } }: { row: LaneRow }) {
  return (
    <tr>
      <th scope="row">{lane}</th>
      <td data-number>{axisTime(from, 1)}</td>
      <td data-number>{to === undefined ? "" : axisTime(to, 1)}</td>
      <td>{what}</td>
    </tr>
  );
}
