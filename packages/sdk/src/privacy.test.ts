import { afterEach, describe, expect, it, vi } from "vitest";
import { mayWatch, shareOf, viewerOf } from "./privacy.js";

afterEach(() => vi.unstubAllGlobals());

function browserThatSays(signals: object) {
  const tab = new Map<string, string>();
  vi.stubGlobal("navigator", signals);
  vi.stubGlobal("indexedDB", { deleteDatabase: () => {} });
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => tab.get(key) ?? null,
    setItem: (key: string, value: string) => tab.set(key, value),
  });
  return tab;
}

describe("who is watched", () => {
  it.each([
    [{}, true],
    [{ globalPrivacyControl: true }, false],
    [{ globalPrivacyControl: false }, true],
    [{ doNotTrack: "1" }, false],
    [{ doNotTrack: "0" }, true],
    [{ doNotTrack: null }, true],
  ])("%j: %s", (signals, watched) => {
    browserThatSays(signals);
    expect(mayWatch({})).toBe(watched);
    expect(mayWatch({ ignorePrivacySignals: true })).toBe(true);
  });

  it("is the same part of the viewers each time, as large as asked for", () => {
    browserThatSays({});
    const viewers = Array.from({ length: 20_000 }, (_, i) => `user${i}`);
    const watched = viewers.filter((viewerId) => mayWatch({ viewerId, sampleRate: 0.2 }));
    expect(watched.length / viewers.length).toBeCloseTo(0.2, 2);
    expect(viewers.filter((viewerId) => mayWatch({ viewerId, sampleRate: 0.2 }))).toEqual(watched);
    expect(watched.every((viewerId) => mayWatch({ viewerId, sampleRate: 0.5 }))).toBe(true);
    expect(viewers.some((viewerId) => mayWatch({ viewerId, sampleRate: 0 }))).toBe(false);
  });

  it("spreads also ids that differ in one letter", () => {
    const shares = Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => shareOf(letter));
    const tenths = new Set(shares.map((share) => Math.floor(share * 10)));
    expect(tenths.size).toBeGreaterThanOrEqual(7);
  });
});

describe("who they are", () => {
  it("is what the page says, else one random id a tab, or nothing", () => {
    const tab = browserThatSays({});
    expect(viewerOf({ viewerId: "viewer123" })).toBe("viewer123");
    expect(tab.size).toBe(0);
    expect(viewerOf({ anonymous: "none" })).toBeUndefined();
    expect(tab.size).toBe(0);
    const random = viewerOf({});
    expect(random).toMatch(/^[\da-f-]{36}$/);
    expect(viewerOf({})).toBe(random);
    tab.clear();
    expect(viewerOf({})).not.toBe(random);
  });

  it("is nobody where the browser keeps nothing", () => {
    vi.stubGlobal("sessionStorage", undefined);
    expect(viewerOf({})).toBeUndefined();
  });
});
