import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeAlerts } from "./conformance/alerts.js";
import { describeEvents } from "./conformance/events.js";
import { describeFolding } from "./conformance/folding.js";
import { describeLibrary } from "./conformance/library.js";
import { describeQuestions } from "./conformance/questions.js";
import { describeTotals } from "./conformance/totals.js";
import { describeViews } from "./conformance/views.js";
import { describeWork } from "./conformance/work.js";
import type { LibraryStore, Store, TelemetryStore } from "./store.js";

/** An opened store, and how to close it with everything that was started for it. */
export interface Opened<S> {
  readonly store: S;
  readonly close: () => Promise<void>;
}

/** The suite that every store passes. Call it from a test file of the store; it opens one store for all its tests. */
export function describeStore(name: string, open: () => Promise<Opened<Store>>): void {
  describe(name, () => {
    const store = openOnce(open);
    it("answers a ping, also to many at once", async () => {
      expect(await Promise.all(Array.from({ length: 30 }, () => store().ping()))).toHaveLength(30);
    });
    telemetry(store);
    describeLibrary(store);
    describeAlerts(() => store().alerts);
    describeWork(() => store().work);
  });
}

/** The same for a store of telemetry alone. */
export function describeTelemetryStore(name: string, open: () => Promise<Opened<TelemetryStore>>): void {
  describe(name, () => {
    telemetry(openOnce(open));
  });
}

/** The same for a store of the library alone. */
export function describeLibraryStore(name: string, open: () => Promise<Opened<LibraryStore>>): void {
  describe(name, () => {
    describeLibrary(openOnce(open));
  });
}

function telemetry(store: () => TelemetryStore): void {
  describeEvents(store);
  describeFolding(store);
  describeViews(store);
  describeTotals(store);
  describeQuestions(store);
}

function openOnce<S>(open: () => Promise<Opened<S>>): () => S {
  let opened: Opened<S> | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error("The store is open while tests run only.");
    return opened.store;
  };
}
