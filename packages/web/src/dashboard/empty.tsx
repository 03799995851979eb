import { type DashboardState, spans } from "./url-state.js";

export interface EmptyProps {
  readonly state: DashboardState;
  /** Whether anything was ever measured; undefined while that is not known. */
  readonly ever: boolean | undefined;
  readonly onState: (next: DashboardState) => void;
}

/** No view in the range: says what to do about it. */
export function Empty({ state, ever, onState }: EmptyProps) {
  if (ever === undefined) return null;
  if (!ever) return <NothingYet />;
  const widest = state.range.kind === "span" && state.range.span === "90d";
  const where = state.range.kind === "span" ? `in the last ${spans[state.range.span].name}` : "between these times";
  return (
    <section class="void">
      <VoidStrip />
      <h2 class="title-face">
        {state.filters.length > 0 ? "No view is like this" : "No views"} {where}
      </h2>
      <div class="void-actions">
        {!widest && (
          <button
            type="button"
            class="button"
            onClick={() => onState({ ...state, range: { kind: "span", span: "90d" } })}
          >
            Look at 90 days
          </button>
        )}
        {state.filters.length > 0 && (
          <button type="button" class="button" onClick={() => onState({ ...state, filters: [] })}>
            Drop the conditions
          </button>
        )}
      </div>
    </section>
  );
}

function NothingYet() {
  return (
    <section class="void">
      <VoidStrip />
      <h2 class="title-face">Nothing was watched yet</h2>
      <p>
        Play a film, and its view is here within seconds: how fast it started, where it stalled, how it ended. Nothing
        has to be switched on.
      </p>
      <div class="void-actions">
        <a class="button" data-kind="primary" href="/">
          To the library
        </a>
      </div>
      <PlayableNote />
    </section>
  );
}

/** The tracks that will be here, and the marker at their start. */
export function VoidStrip() {
  return (
    <div class="void-strip" aria-hidden="true">
      <i style={{ width: "62%" }} />
      <i style={{ width: "38%" }} />
      <i style={{ width: "81%" }} />
      <div class="ruler" />
      <b class="rail-marker" />
    </div>
  );
}

/** Views need not come from Playhead's own player. */
function PlayableNote() {
  return (
    <dl class="void-facts">
      <dt class="label">Your own player</dt>
      <dd>
        The SDK, <code class="mono">@playhead/sdk</code>, measures any video element, with or without hls.js.
      </dd>
      <dt class="label">Any other sender</dt>
      <dd>
        <code class="mono">POST /telemetry</code> with the ingest key takes batches of events as JSON.
      </dd>
    </dl>
  );
}
