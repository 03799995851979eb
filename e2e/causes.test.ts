import { afterAll, beforeAll, expect, it } from "vitest";
import { type CauseStage, openCauseStage } from "./causes/stage.js";
import { called, troubles } from "./causes/troubles.js";

let stage: CauseStage;
beforeAll(async () => {
  stage = await openCauseStage(1);
});
afterAll(() => stage.close());

it.each(troubles)("%s is made to happen, and called by its name", async (trouble) => {
  const { seenMs, startedMs, view } = await stage.run[trouble]();
  const wanted = called[trouble];
  if (trouble === "none") {
    expect(seenMs).toEqual([]);
    expect(view).toMatchObject({ rebufferCount: 0, errorCount: 0 });
    expect(view.explanations).toEqual({ start: null, stalls: [] });
  } else if ("startCause" in wanted) {
    expect(startedMs).toBeGreaterThan(2_000);
    expect(view.explanations.start?.cause).toBe(wanted.startCause);
  } else {
    expect(Math.max(...seenMs)).toBeGreaterThan(250);
    expect(view.explanations.stalls.length).toBeGreaterThan(0);
  }
  expect(view, JSON.stringify(view.explanations)).toMatchObject(wanted);
});
