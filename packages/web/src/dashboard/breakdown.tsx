import type { BreakdownReply } from "@playhead/protocol";
import { type Dimension, dimensions, type Question } from "./dimensions.js";
import { failureRate } from "./metrics.js";
import type { Names } from "./names.js";
import { PartFailed } from "./part-failed.js";
import { count, milliseconds, say, share } from "./quantity.js";
import { ValueName } from "./value-name.js";

export interface BreakdownProps {
  readonly question: Question;
  readonly by: Dimension;
  readonly reply: BreakdownReply | undefined;
  readonly stale: boolean;
  readonly error: Error | undefined;
  readonly names: Names;
  readonly onBy: (by: Dimension) => void;
  /** Looks at the views of one value alone. */
  readonly onOnly: (value: string) => void;
}

/** The views of each value of a dimension, most first. A value is the way to its views alone. */
export function Breakdown({ question, by, reply, stale, error, names, onBy, onOnly }: BreakdownProps) {
  const rows = reply?.by === by ? reply.rows : [];
  const most = Math.max(1, ...rows.map((row) => row.views));
  return (
    <section class="breakdown" aria-labelledby={`breakdown-${question.id}`}>
      <header class="breakdown-head">
        <h2 class="title-face" id={`breakdown-${question.id}`}>
          {question.title}
        </h2>
        <div class="choices" role="group" aria-label="Told apart by">
          {question.choices.map((choice) => (
            <button type="button" key={choice} aria-pressed={choice === by} onClick={() => onBy(choice)}>
              {dimensions[choice]}
            </button>
          ))}
        </div>
      </header>
      <div class="table-scroll" data-stale={stale}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{dimensions[by]}</th>
              <th scope="col" data-number>
                Views
              </th>
              <th scope="col" data-number title="Half of the views that started took no longer">
                Startup p50
              </th>
              <th scope="col" data-number title="Time stalled, of all watch time">
                Rebuffer
              </th>
              <th scope="col" data-number title="Ended by a fatal error, of all that were meant to play">
                Failed
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.value ?? ""}>
                <th scope="row">
                  <i class="breakdown-bar" style={{ width: `${(row.views / most) * 100}%` }} />
                  <ValueName by={by} value={row.value} names={names} onOnly={onOnly} />
                </th>
                <td data-number>{say(count(row.views))}</td>
                <td data-number>{say(milliseconds(row.startupP50Ms))}</td>
                <td data-number>{say(share(row.rebufferRatio))}</td>
                <td data-number data-bad={row.startFailures + row.playbackFailures > 0}>
                  {say(share(failureRate(row)))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {error && rows.length === 0 && <PartFailed error={error} />}
        {!error && reply?.by === by && rows.length === 0 && <p class="breakdown-none">Nothing to tell apart.</p>}
      </div>
    </section>
  );
}
