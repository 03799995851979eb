import type { RecordedEvent } from "@playhead/protocol";
import type { FastifyBaseLogger } from "fastify";
import type { Ingest } from "../../ingest/ingest.js";
import type { Messages } from "../channels.js";
import { type Subscriber, subscribe } from "../subscriber.js";
import { uuidV7 } from "../uuid-v7.js";
import { serverEvent, type Told } from "./server-event.js";
import { SessionViews, type View } from "./session-views.js";

export interface ServerEventsOptions {
  readonly ingest: Pick<Ingest, "record">;
  readonly log: FastifyBaseLogger;
  /** Unix ms. */
  readonly now?: () => number;
}

export interface ServerEvents extends Subscriber {
  /** Events that wait for their view; that found no room; whose session no view ever named. */
  waits(): { readonly waiting: number; readonly dropped: number; readonly unclaimed: number };
}

interface OfSession {
  readonly told: Told;
  readonly hlsSessionId: string;
  readonly mediaId: string;
}

const SWEEP_MS = 5_000;
/** Segments of a session that are told whatever they took: those that a start waits for. */
const FIRST_SEGMENTS = 10;
/** A segment that took as long may explain a wait, ms. */
const SLOW_MS = 50;

/**
 * Stores what the server did for a view with that view (decision 37). Nothing waits for it: events are queued with those of
 * players, and tried again while the database is away.
 */
export function recordServerEvents({ ingest, log, now = Date.now }: ServerEventsOptions): ServerEvents {
  let seq = 0;
  const views = new SessionViews<OfSession>({
    deliver: (view, events) => ingest.record(events.map((event) => recorded(view, event, now(), seq++))),
  });

  const tell = (hlsSessionId: string, mediaId: string, told: Told) =>
    views.tell(hlsSessionId, { told, hlsSessionId, mediaId }, told.ts);
  const tellEach = (of: { readonly hlsSessionIds: readonly string[]; readonly mediaId: string }, told: Told) => {
    for (const id of of.hlsSessionIds) tell(id, of.mediaId, told);
  };

  /** Segments of each open session that were told. */
  const firstTold = new Map<string, number>();
  /** The latest of each rendition that was not told: should the viewer leave now, it was still on its way. */
  const lastUntold = new Map<string, Map<string, Messages["playhead:segment.request"]>>();
  const isWorthTelling = ({ hlsSessionId, outcome, waitMs, readMs }: Messages["playhead:segment.request"]) => {
    if (outcome !== "sent" || waitMs + readMs >= SLOW_MS) return true;
    const told = firstTold.get(hlsSessionId) ?? FIRST_SEGMENTS;
    if (told >= FIRST_SEGMENTS) return false;
    firstTold.set(hlsSessionId, told + 1);
    return true;
  };

  const subscriber = subscribe(
    {
      "playhead:hls.session.start": (m) => {
        views.opened(m.hlsSessionId);
        firstTold.set(m.hlsSessionId, 0);
        lastUntold.set(m.hlsSessionId, new Map());
        tell(m.hlsSessionId, m.mediaId, serverEvent.sessionStart(m));
      },
      "playhead:playback.request": (m) => {
        if (m.hlsSessionId === null) return;
        views.asked(m.hlsSessionId, m.ts);
        firstTold.set(m.hlsSessionId, 0);
      },
      "playhead:ffmpeg.start": (m) => tellEach(m, serverEvent.ffmpegStart(m)),
      "playhead:ffmpeg.first_segment": (m) => tellEach(m, serverEvent.firstSegment(m)),
      "playhead:ffmpeg.error": (m) => tellEach(m, serverEvent.transcodeError(m)),
      "playhead:segment.request": (m) => {
        if (!isWorthTelling(m)) lastUntold.get(m.hlsSessionId)?.set(m.rendition, m);
        else {
          lastUntold.get(m.hlsSessionId)?.delete(m.rendition);
          tell(m.hlsSessionId, m.mediaId, serverEvent.segment(m));
        }
      },
      "playhead:hls.session.end": (m) => {
        for (const last of lastUntold.get(m.hlsSessionId)?.values() ?? []) {
          tell(last.hlsSessionId, last.mediaId, serverEvent.segment(last));
        }
        lastUntold.delete(m.hlsSessionId);
        tell(m.hlsSessionId, m.mediaId, serverEvent.sessionEnd(m));
        views.ended(m.hlsSessionId, m.ts);
        firstTold.delete(m.hlsSessionId);
      },
      "playhead:ingest.stored": (m) => {
        for (const { hlsSessionId, ...view } of m.views) if (hlsSessionId !== null) views.heard(hlsSessionId, view);
      },
    },
    { name: "view-events", log },
  );
  const sweeper = setInterval(() => views.sweep(now()), SWEEP_MS);
  sweeper.unref();

  return {
    ...subscriber,
    waits: () => views.stats(),
    stop() {
      clearInterval(sweeper);
      subscriber.stop();
      views.close();
    },
  };
}

function recorded({ appId, viewId }: View, event: OfSession, receivedAt: number, seq: number): RecordedEvent {
  const { told, hlsSessionId, mediaId } = event;
  return {
    appId,
    source: "server",
    receivedAt,
    context: { viewId, hlsSessionId, mediaId },
    event: { ...told, id: uuidV7(told.ts), seq },
  };
}
