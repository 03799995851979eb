import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { checkEvent, type EventOf, type EventType, type RecordedEvent } from "@playhead/protocol";
import type { Logger, Store } from "@playhead/store";
import { pino } from "pino";

type OpenStore = (options: { databaseUrl: null; dataDir: string; log: Logger }) => Promise<Store>;

export interface RealStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** For real tests: a database of their own, gone afterwards. Only main and the tests name the engine. */
export async function openRealStore(open: OpenStore): Promise<RealStore> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "playhead-analytics-"));
  const store = await open({ databaseUrl: null, dataDir, log: pino({ level: "silent" }) });
  return {
    store,
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type Line = {
  [T in EventType]: readonly [atS: number, type: T, fields?: Partial<EventOf<T>>];
}[EventType];

/** A view's events from lines of `[second, type, fields]`, starting at `start`, Unix ms. */
export function viewEvents(
  viewId: string,
  start: number,
  lines: readonly Line[],
  context: Partial<RecordedEvent["context"]> = {},
): readonly RecordedEvent[] {
  return lines.map(([at, type, fields], seq) => {
    const ts = start + at * 1000;
    const checked = checkEvent({ id: `${viewId}-${ts}-${type}`, seq, ts, type, ...fields });
    if (!checked.ok) throw new Error(checked.message);
    return {
      appId: "default",
      source: "sdk",
      receivedAt: ts,
      context: { viewId, ...context },
      event: checked.event,
    };
  });
}
