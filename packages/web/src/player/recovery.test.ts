import { describe, expect, it } from "vitest";
import { createRecovery, type PlayerFailure } from "./recovery.js";

const offline: PlayerFailure = { category: "network", status: 0 };
const refused: PlayerFailure = { category: "network", status: 500 };
const decode: PlayerFailure = { category: "media", status: 0 };

describe("createRecovery", () => {
  it("waits longer and longer for a server that is away, and gives up in the end", () => {
    const recovery = createRecovery();
    const waits: number[] = [];
    for (let remedy = recovery.remedyFor(offline); remedy.kind === "reload"; remedy = recovery.remedyFor(offline)) {
      waits.push(remedy.afterMs);
    }
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(60_000);
    expect(recovery.remedyFor(offline)).toEqual({ kind: "give-up" });
  });

  it("asks a server that refuses twice more, no longer", () => {
    const recovery = createRecovery();
    const kinds = [1, 2, 3].map(() => recovery.remedyFor(refused).kind);
    expect(kinds).toEqual(["reload", "reload", "give-up"]);
  });

  it("repairs the decoder, swaps the audio codec, has the file converted, then gives up", () => {
    const recovery = createRecovery();
    const kinds = [1, 2, 3, 4].map(() => recovery.remedyFor(decode).kind);
    expect(kinds).toEqual(["recover-media", "swap-audio-codec", "convert", "give-up"]);
  });

  it("starts anew after a time of good playing, but never converts twice", () => {
    const recovery = createRecovery();
    recovery.remedyFor(decode);
    recovery.forgive();
    expect(recovery.remedyFor(decode).kind).toBe("recover-media");
    recovery.remedyFor(decode);
    recovery.remedyFor(decode);
    recovery.forgive();
    expect(recovery.remedyFor(decode).kind).toBe("give-up");
  });
});
