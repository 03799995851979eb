import type { Context } from "@playhead/protocol";
import { known, whole } from "../record/known.js";
import { attempt } from "./guard.js";

interface Connection {
  readonly downlink?: number;
  readonly rtt?: number;
  readonly effectiveType?: string;
}
declare global {
  interface Navigator {
    /** Network Information API: Chromium only. */
    readonly connection?: Connection;
  }
}

/** What the browser thinks of the network now; undefined where it does not tell. */
export function readNetwork(): Context["network"] | undefined {
  const connection = attempt(() => navigator.connection);
  if (!connection) return undefined;
  return known({
    downlinkMbps: connection.downlink,
    rttMs: whole(connection.rtt),
    effectiveType: connection.effectiveType,
  });
}
