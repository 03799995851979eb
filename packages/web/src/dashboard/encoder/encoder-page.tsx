import type { EncoderReply, EncodersNow } from "@playhead/protocol";
import { loadEncoder } from "../analytics.js";
import { Answered, CALM_MS } from "../answered.js";
import { VoidStrip } from "../empty.js";
import { useLive } from "../live.js";
import { createMemory, usePanel } from "../panel.js";
import { usePulse } from "../pulse.js";
import { count, counted, say } from "../quantity.js";
import type { DashboardPageProps } from "../tabs.js";
import { TimeFigure } from "../time-figure.js";
import { apiQuery, between, type DashboardState, spans } from "../url-state.js";
import { encoderCharts } from "./encoder-charts.js";
import { EncoderTotals } from "./encoder-figures.js";
import { EncoderRows } from "./encoder-rows.js";

const memory = createMemory<EncoderReply>();
/** The server adds up by so long. */
const FINEST_MS = 300_000;

/** `/dashboard/encoder`: what the server's sessions and encoders did, whoever watched. */
export function EncoderPage({ state, onState }: DashboardPageProps) {
  useLive();
  const calm = usePulse(CALM_MS);
  const key = apiQuery({ ...state, filters: [] }).toString();
  const panel = usePanel(memory, key, calm, (signal) => loadEncoder(state, signal));
  const zoom = (from: number, to: number) => onState(between(state, from, to));
  return (
    <>
      {state.filters.length > 0 && (
        <p class="figure-definition" role="note">
          The conditions above choose views; this page counts what the server did for all of them.
        </p>
      )}
      <Answered
        panel={panel}
        state={state}
        onState={onState}
        isEmpty={({ totals: { sessions, video, audio } }) =>
          sessions.started + sessions.ended + video.starts + audio.starts === 0
        }
        empty={<NothingSent state={state} onState={onState} />}
      >
        {(reply) => (
          <>
            <EncoderTotals totals={reply.totals} />
            <Present now={reply.now} />
            <div class="charts" data-even>
              {encoderCharts.map(({ counted: of, ...metric }) => (
                <TimeFigure
                  key={metric.id}
                  title={metric.name}
                  metric={metric}
                  reply={reply}
                  counted={of}
                  onZoom={zoom}
                  finestMs={FINEST_MS}
                />
              ))}
            </div>
            <EncoderRows rows={reply.rows} />
          </>
        )}
      </Answered>
    </>
  );
}

/** What the server that answered does at this moment, whatever the range. */
function Present({ now: { sessions, runs, paused, video } }: { now: EncodersNow }) {
  return (
    <p class="lede">
      Now, on this server: <b>{counted(sessions, "session")}</b>, <b>{counted(runs, "encoder")}</b>
      {paused > 0 && ` (${say(count(paused))} far enough ahead to rest)`}; <b>{say(count(video.inUse))}</b> of{" "}
      {counted(video.limit, "place")} for pictures taken,{" "}
      {video.waiting === 0 ? "nobody waits" : `${video.waiting} wait`}.
    </p>
  );
}

function NothingSent({ state, onState }: Pick<DashboardPageProps, "state" | "onState">) {
  return (
    <section class="void">
      <VoidStrip />
      <h2 class="title-face">No film was repackaged or converted {whenOf(state)}</h2>
      <p>
        A film that its browser can't play as it is gets a session, and an encoder where need be. What they do is
        counted here from then on, unless <code class="mono">PLAYHEAD_SERVER_TELEMETRY</code> is{" "}
        <code class="mono">off</code>.
      </p>
      {!(state.range.kind === "span" && state.range.span === "90d") && (
        <div class="void-actions">
          <button
            type="button"
            class="button"
            onClick={() => onState({ ...state, range: { kind: "span", span: "90d" } })}
          >
            Look at 90 days
          </button>
        </div>
      )}
    </section>
  );
}

const whenOf = ({ range }: DashboardState) =>
  range.kind === "span" ? `in the last ${spans[range.span].name}` : "between these times";
