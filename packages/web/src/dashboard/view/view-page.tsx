import type { ViewReply } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useResource } from "../../api/resource.js";
import { Icon } from "../../design/icon.js";
import { Notice } from "../../design/notice.js";
import { goBack } from "../../router/router.js";
import { loadView } from "../analytics.js";
import { live, useLive } from "../live.js";
import { useNames } from "../names.js";
import { standing } from "../states.js";
import type { Window } from "./axis.js";
import { EventList } from "./event-list.js";
import { LaneTable } from "./lane-table.js";
import { waitSpans } from "./readout.js";
import { ViewFacts, ViewFigures } from "./view-facts.js";
import { ViewLanes } from "./view-lanes.js";
import { viewTimeline } from "./view-timeline.js";
import { Waits } from "./waits.js";
import "./view.css";
import "./waits.css";
import "./lanes.css";
import "./requests.css";
import "./event-list.css";

/** An open view's events come every 10 s, and at once when something happens. */
const OPEN_REFRESH_MS = 10_000;
const refreshMs = (view: ViewReply | undefined) => (view && view.exit !== "open" ? undefined : OPEN_REFRESH_MS);

/** `/dashboard/views/:id`: one view, what it measured, and all that happened in it. */
export function ViewPage({ id }: { id: string }) {
  useLive();
  const names = useNames();
  const resource = useResource(id, (signal) => loadView(id, signal), { refreshMs });
  const { value: view, error, loading } = resource.state.value;
  const title = view && names.film(view.mediaId);

  const told = live.value?.views.find(({ viewId }) => viewId === id)?.eventCount;
  const known = view?.eventCount;
  const open = view?.exit === "open";
  const seen = useRef(told);
  useEffect(() => {
    const changed = told !== seen.current;
    seen.current = told;
    if (open && changed && told !== known) resource.reload();
  }, [told, known, open, resource]);

  useEffect(() => {
    document.title = title ? `A view of ${title} · Playhead` : "A view · Playhead";
  }, [title]);

  if (!view) {
    return (
      <>
        <Back />
        {loading ? (
          <div class="dashboard" role="status" aria-label="Loading the view">
            <span class="skeleton" style={{ width: "60%", height: "4rem" }} />
            <span class="skeleton" style={{ height: "14rem" }} />
          </div>
        ) : (
          <Notice
            tone="bad"
            title="This view can’t be shown"
            actions={
              <button type="button" class="button" data-size="small" onClick={resource.reload}>
                Try again
              </button>
            }
          >
            {error?.message}
          </Notice>
        )}
      </>
    );
  }
  const { word, tone } = standing(view);
  return (
    <article class="dashboard view">
      <header class="view-head">
        <Back />
        <p class="view-kind label">
          A view <span class="mono">{view.viewId}</span>
        </p>
        <h1 class="title-face">
          {view.mediaId !== null && names.item(view.mediaId) ? (
            <a href={`/media/${encodeURIComponent(view.mediaId)}`}>{title}</a>
          ) : (
            title
          )}
        </h1>
        <p class="view-standing">
          <span class="state" data-tone={tone} data-live={open}>
            {word}
          </span>
          {(view.exit === "start_failure" || view.exit === "playback_failure") && view.errorCode !== undefined && (
            <span class="view-error">
              <span class="mono">{view.errorCode}</span> {view.errorMessage}
            </span>
          )}
        </p>
      </header>
      {error && (
        <Notice tone="bad" title="This may be out of date">
          {error.message}
        </Notice>
      )}
      <ViewFacts view={view} names={names} />
      <ViewFigures view={view} />
      <Story view={view} />
    </article>
  );
}

/** The tracks and the list, with one marker for both. */
function Story({ view }: { view: ViewReply }) {
  const { events, explanations } = view;
  const timeline = useMemo(() => viewTimeline(events, explanations), [events, explanations]);
  const waits = useMemo(() => waitSpans(explanations, timeline.zero), [explanations, timeline]);
  const window = useSignal<Window | undefined>(undefined);
  const at = useSignal<number | undefined>(undefined);
  const stops = useMemo(
    () => [...new Set(events.map((event) => event.ts - timeline.zero))].toSorted((a, b) => a - b),
    [events, timeline],
  );
  if (events.length === 0) {
    return <Notice title="Its events are gone">The figures stay; events are dropped when they are old.</Notice>;
  }
  const shown = window.value ?? { from: 0, to: timeline.lengthMs };
  return (
    <>
      <div>
        <ViewLanes
          timeline={timeline}
          events={events}
          waits={waits}
          window={shown}
          onWindow={(next) => {
            // The whole of an open view grows with it.
            window.value = next.from <= 0 && next.to >= timeline.lengthMs ? undefined : next;
          }}
          at={at}
          stops={stops}
        />
        <LaneTable timeline={timeline} waits={waits} window={shown} />
      </div>
      <Waits
        explanations={explanations}
        zero={timeline.zero}
        onPlace={(ms) => {
          at.value = ms;
        }}
      />
      <EventList events={events} zero={timeline.zero} at={at} />
    </>
  );
}

function Back() {
  return (
    <button type="button" class="view-back link" onClick={() => goBack("/dashboard")}>
      <Icon name="back" size={16} /> Back
    </button>
  );
}
