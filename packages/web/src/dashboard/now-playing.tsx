import type { LiveReply, ViewRow } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { timecode } from "../design/timecode.js";
import { Still } from "../library/still.js";
import "../library/still.css";
import { valueName } from "./dimensions.js";
import type { Connection } from "./live.js";
import type { Names } from "./names.js";
import { counted, milliseconds, say } from "./quantity.js";
import { standing } from "./states.js";

export interface NowPlayingProps {
  readonly live: LiveReply | undefined;
  readonly connection: Connection;
  readonly names: Names;
}

/** Heartbeats come every 10 s; past that nobody knows where the playhead is. */
const FORESEEN_MS = 12_000;

/** The views that are open now, each a track with its playhead where it stands at this moment. */
export function NowPlaying({ live, connection, names }: NowPlayingProps) {
  const views = live?.views ?? [];
  return (
    <section class="now" aria-labelledby="now">
      <header class="now-head">
        <h2 class="title-face" id="now">
          Now playing
        </h2>
        <p class="now-count" role="status">
          {live ? <WatchingNow watching={live.concurrent} open={views.length} /> : "Asking the server …"}
        </p>
        {connection === "lost" && (
          <p class="tag now-lost" data-tone="warn" role="status">
            the server is away, trying again
          </p>
        )}
      </header>
      {views.length > 0 && live && (
        <ul class="now-tracks">
          {views.map((view) => (
            <Track key={view.viewId} view={view} at={live.at} names={names} />
          ))}
        </ul>
      )}
    </section>
  );
}

function WatchingNow({ watching, open }: { watching: number; open: number }) {
  if (open === 0) return <>Nobody is watching</>;
  const idle = open - watching;
  return (
    <>
      <b class="mono">{watching}</b> watching
      {idle > 0 && (
        <>
          , <b class="mono">{idle}</b> paused
        </>
      )}
    </>
  );
}

function Track({ view, at, names }: { view: ViewRow; at: number; names: Names }) {
  const item = names.item(view.mediaId);
  const { word, tone } = standing(view);
  const positionMs = usePlayhead(view, at, item?.durationMs ?? undefined);
  const durationMs = item?.durationMs ?? undefined;
  const facts = [
    names.viewer(view.viewerId),
    [view.browser, view.os].filter((part) => part !== null).join(" on "),
    view.delivery === null ? "" : valueName("delivery", view.delivery).toLowerCase(),
    view.startupMs === null ? "" : `started in ${say(milliseconds(view.startupMs))}`,
    view.rebufferCount === null ? "" : view.rebufferCount === 0 ? "no stalls" : counted(view.rebufferCount, "stall"),
  ].filter((fact) => fact !== "");
  return (
    <li class="now-track">
      <span class="now-still">
        <Still
          item={{
            title: names.film(view.mediaId),
            status: "ready",
            durationMs: null,
            ...(item?.posterUrl && { posterUrl: item.posterUrl }),
          }}
        />
      </span>
      <div class="now-words">
        <p class="now-line">
          <a class="now-film" href={`/dashboard/views/${encodeURIComponent(view.viewId)}`}>
            {names.film(view.mediaId)}
          </a>
          <span class="state" data-tone={tone} data-live>
            {word}
          </span>
        </p>
        <p class="now-facts">{facts.join(", ")}</p>
      </div>
      <div class="now-rail" aria-hidden="true">
        <div class="ruler" />
        {durationMs !== undefined && (
          <i class="rail-marker" style={{ left: `${Math.min(1, positionMs / durationMs) * 100}%` }} />
        )}
      </div>
      <p class="now-code mono">
        <b>{timecode(positionMs)}</b>
        {durationMs !== undefined && ` / ${timecode(durationMs)}`}
      </p>
    </li>
  );
}

/** Where the playhead is: what was last told, moved on by the clock while the view plays. */
function usePlayhead(view: ViewRow, at: number, durationMs: number | undefined): number {
  const told = view.positionMs ?? 0;
  const passed = useSignal(0);
  const moving = view.exit === "open" && view.state === "playing";

  useEffect(() => {
    passed.value = 0;
    if (!moving) return undefined;
    const since = performance.now();
    const timer = setInterval(() => {
      passed.value = performance.now() - since;
    }, 500);
    return () => clearInterval(timer);
  }, [view.positionMs, view.lastEventAt, at, moving, passed]);

  if (!moving) return told;
  const silent = Math.max(0, at - view.lastEventAt);
  const position = told + Math.min(FORESEEN_MS, silent + passed.value);
  return durationMs === undefined ? position : Math.min(durationMs, position);
}
