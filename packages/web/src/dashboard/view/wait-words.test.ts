import type { Explanation } from "@playhead/protocol";
import { expect, test } from "vitest";
import { waitWords } from "./wait-words.js";

const nothing: Explanation = {
  at: 0,
  durationMs: 3_000,
  cause: "unknown",
  serverMs: 0,
  networkMs: 0,
  blockedMs: 0,
  idleMs: 3_000,
  request: null,
  bufferMs: null,
  droppedFrames: 0,
  decodedFrames: 0,
  errorCode: null,
};
const request = {
  kind: "segment",
  rendition: "v0",
  segment: 5,
  bytes: 500_000,
  waitMs: 2_800,
  transferMs: 200,
  bitsPerSecond: 1_005_025,
};

const cases: readonly (readonly [Partial<Explanation>, string])[] = [
  [{ cause: "encoder", serverMs: 2_800, request }, "Segment 5 of v0 was not made yet for 2.80 s of it."],
  [{ cause: "encoder", errorCode: "fragLoadError" }, "The server answered with an error: fragLoadError."],
  [
    { cause: "network", networkMs: 3_000, request },
    "Segment 5 of v0 was ready, and on its way for 3.00 s of it, at 1.01 Mbit/s.",
  ],
  [
    { cause: "network", networkMs: 500, request: { ...request, kind: "playlist" } },
    "A playlist of v0 was ready, and on its way for 500 ms of it, at 1.01 Mbit/s.",
  ],
  [{ cause: "network", errorCode: "fragLoadTimeOut" }, "A request failed on its way: fragLoadTimeOut."],
  [{ cause: "device", bufferMs: 8_000 }, "8.00 s lay in the buffer and could not be shown."],
  [
    { cause: "device", errorCode: "bufferAppendError" },
    "The data was there and could not be shown: bufferAppendError.",
  ],
  [{ cause: "device", droppedFrames: 30, decodedFrames: 70 }, "30 frames of 100 (30.0 %) came too late to be shown."],
  [{ cause: "player", blockedMs: 2_600 }, "The page's own script held the main thread for 2.60 s of it."],
  [{ cause: "player" }, "Nothing was asked for while there was nothing left to play."],
  [{}, "No request that was open in it is known, so nothing tells."],
];

test.each(cases)("%#: a wait is told with its evidence", (found, said) => {
  expect(waitWords({ ...nothing, ...found }).replaceAll("\u00a0", " ")).toBe(said);
});
