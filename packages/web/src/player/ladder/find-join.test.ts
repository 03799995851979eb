import { expect, it } from "vitest";
import { append, findJoin, levelAt } from "./find-join.js";

/** Level 0 is a copy with keyframes far apart, 1 and 2 are converted and cut there as well. */
const starts = [
  [0, 4, 11],
  [0, 2, 4, 6, 8, 10, 11],
  [0, 2, 4, 6, 8, 10, 11],
];
const join = (next: number, fromS: number, spans: Parameters<typeof findJoin>[2], loading: number) =>
  findJoin(starts[next] ?? [], fromS, spans, loading, (level) => starts[level] ?? []);

it("joins where segments of both levels begin, ahead of the given place", () => {
  const copied = [{ start: 0, end: 4, level: 0 }];
  expect(join(1, 1, copied, 0)).toBe(4);
  expect(join(1, 5, copied, 0)).toBe(11);
  expect(join(2, 1, [{ start: 0, end: 8, level: 1 }], 1)).toBe(2);
  expect(join(0, 5, [{ start: 0, end: 8, level: 1 }], 1)).toBe(11);
  expect(join(1, 12, copied, 0)).toBeUndefined();
});

it("goes by what is buffered at each place, not by what is loaded last", () => {
  const mixed = [
    { start: 0, end: 4, level: 1 },
    { start: 4, end: 11, level: 0 },
  ];
  expect(join(2, 3, mixed, 1)).toBe(4);
  expect(join(2, 5, mixed, 1)).toBe(11);
});

it("takes times that differ by the rounding of a playlist for one", () => {
  expect(findJoin([4.0001], 3, [], 0, () => [3.995])).toBe(4.0001);
});

it("knows the latest level that was appended at a place", () => {
  const spans = append(append([{ start: 0, end: 4, level: 0 }], { start: 4, end: 11, level: 0 }), {
    start: 4,
    end: 6,
    level: 1,
  });
  expect([1, 5, 8, 12].map((at) => levelAt(spans, at))).toEqual([0, 1, 0, undefined]);
});
