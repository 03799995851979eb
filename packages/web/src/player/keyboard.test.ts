import { describe, expect, it } from "vitest";
import { commandFor, type KeyPress, keyLines, nextSpeed } from "./keyboard.js";

const press = (key: string, more: Partial<KeyPress> = {}) =>
  commandFor({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

describe("commandFor", () => {
  it("knows the keys that viewers know, in either case", () => {
    expect(press(" ")).toEqual({ do: "toggle-play" });
    expect(press("K")).toEqual({ do: "toggle-play" });
    expect(press("j")).toEqual({ do: "skip", seconds: -10 });
    expect(press("ArrowRight")).toEqual({ do: "skip", seconds: 5 });
    expect(press("7")).toEqual({ do: "seek-share", share: 0.7 });
    expect(press(">", { shiftKey: true })).toEqual({ do: "speed", step: 1 });
  });

  it("goes to the next episode with and without Shift", () => {
    expect(press("N", { shiftKey: true })).toEqual({ do: "next-episode" });
    expect(press("p")).toEqual({ do: "previous-episode" });
  });

  it("has every key that the map shows, and shows every key that it has", () => {
    const printed: Readonly<Record<string, string>> = {
      Space: " ",
      Esc: "Escape",
      "←": "ArrowLeft",
      "→": "ArrowRight",
      "↑": "ArrowUp",
      "↓": "ArrowDown",
    };
    for (const key of keyLines.flatMap(({ keys }) => keys).filter((key) => key !== "…")) {
      expect([key, press(printed[key] ?? key)]).toEqual([key, expect.objectContaining({ do: expect.any(String) })]);
    }
  });

  it("leaves the browser its own combinations, and every other key", () => {
    expect(press("f", { ctrlKey: true })).toBeUndefined();
    expect(press("ArrowLeft", { altKey: true })).toBeUndefined();
    expect(press("q")).toBeUndefined();
    expect(press("F5")).toBeUndefined();
  });
});

describe("nextSpeed", () => {
  it("goes to the next of the list, and stays at its ends", () => {
    expect(nextSpeed(1, 1)).toBe(1.25);
    expect(nextSpeed(1, -1)).toBe(0.75);
    expect(nextSpeed(1.1, 1)).toBe(1.25);
    expect(nextSpeed(2, 1)).toBe(2);
    expect(nextSpeed(0.5, -1)).toBe(0.5);
  });
});
