import { decodeCmcdRequest } from "@playhead/protocol";
import type { Ingest } from "../ingest/ingest.js";
import { listen, type StreamingMessages } from "../streaming/channels.js";

type CmcdRequest = StreamingMessages["playhead:cmcd.request"];

/** Most requests that wait to be read; more than that at once are no viewers, and are left out. */
const MAX_WAITING = 10_000;

/** What became of what players said on requests. */
export interface CmcdRequestStats {
  /** Left out: not readable, without a session, or too many at once. */
  readonly dropped: number;
}

/**
 * Records what players say on requests to us (CMCD), joined to how they were answered. Read after the turn in which the answer
 * ended, so that no answer waits for it.
 * @returns stops that
 */
export function recordCmcdRequests(ingest: Pick<Ingest, "recordForeign">): {
  stats(): CmcdRequestStats;
  stop(): void;
} {
  const waiting: CmcdRequest[] = [];
  let dropped = 0;

  const flush = () => {
    const said = waiting.splice(0).flatMap((message) => {
      const record = decodeCmcdRequest(message);
      if (record === "unreadable") dropped += 1;
      return typeof record === "string" ? [] : [{ record, userAgent: message.userAgent, country: message.country }];
    });
    ingest.recordForeign(said);
  };

  const stop = listen("playhead:cmcd.request", (message) => {
    if (waiting.length >= MAX_WAITING) {
      dropped += 1;
      return;
    }
    if (waiting.push(message) === 1) setImmediate(flush);
  });
  return { stats: () => ({ dropped }), stop };
}
