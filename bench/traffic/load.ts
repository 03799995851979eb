import { DEFAULT_APP_ID, type RecordedEvent } from "@playhead/protocol";
import { foldView } from "@playhead/qoe";
import type { StoredView, TelemetryStore } from "@playhead/store";
import { pino } from "pino";
import { createSessionizer } from "../../packages/server/src/analytics/sessionizer.js";
import type { Plan } from "./plan.js";
import { tell } from "./tell.js";

/** As the ingest's group commit writes under load. */
const EVENTS_AT_ONCE = 5_000;
const VIEWS_AT_ONCE = 1_000;

const log = pino({ level: "warn" });

/** The way of real events: into the event log, then folded by the server's own sessionizer. */
export async function loadEvents(
  store: TelemetryStore,
  plans: Iterable<Plan>,
  said: (events: number) => void = () => undefined,
): Promise<void> {
  let events = 0;
  for (const group of inGroups(toldOf(plans), EVENTS_AT_ONCE)) {
    await store.events.append(group);
    events += group.length;
    said(events);
  }
  const sessionizer = createSessionizer({ store, log });
  sessionizer.notify();
  await sessionizer.idle();
  await sessionizer.stop();
  await closeSilent(store);
}

/** Views alone, folded here: for a million of them. Their events are not stored. */
export async function loadViews(
  store: TelemetryStore,
  plans: Iterable<Plan>,
  said: (views: number) => void = () => undefined,
): Promise<void> {
  let views = 0;
  for (const group of inGroups(plans, VIEWS_AT_ONCE)) {
    await store.views.put(group.map((plan) => ({ view: foldedOf(plan), mark: 1n })));
    views += group.length;
    said(views);
  }
  await closeSilent(store);
}

export function foldedOf(plan: Plan): StoredView {
  return { appId: DEFAULT_APP_ID, ...foldView(tell(plan)) };
}

/** Views without an end are over: all of them lie in the past. */
async function closeSilent(store: TelemetryStore): Promise<void> {
  await store.views.closeSilent(Date.now());
}

function* toldOf(plans: Iterable<Plan>): Generator<RecordedEvent> {
  for (const plan of plans) yield* tell(plan);
}

function* inGroups<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    if (group.push(item) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
