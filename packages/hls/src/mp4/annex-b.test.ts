import { expect, it } from "vitest";
import { annexBToLengthPrefixed } from "./annex-b.js";

it("turns start codes of three and four bytes into lengths", () => {
  const source = Uint8Array.of(0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 1, 0x65, 0, 0, 3, 9);
  expect(annexBToLengthPrefixed(source)).toEqual(
    Uint8Array.of(0, 0, 0, 3, 0x67, 1, 2, 0, 0, 0, 2, 0x68, 3, 0, 0, 0, 5, 0x65, 0, 0, 3, 9),
  );
});

it("drops zeros after a unit, which belong to no picture", () => {
  expect(annexBToLengthPrefixed(Uint8Array.of(0, 0, 1, 0x65, 7, 0, 0, 0))).toEqual(Uint8Array.of(0, 0, 0, 2, 0x65, 7));
});
