import { expect, it } from "vitest";
import { idsFrom, uuidv7 } from "./uuid.js";

it("is a version 7 UUID of the RFC's variant", () => {
  for (let i = 0; i < 200; i++) {
    expect(uuidv7(Date.now())).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

it("begins with its time, so that later ids sort later", () => {
  expect(uuidv7(0x0123456789ab)).toMatch(/^01234567-89ab-7/);
  expect(uuidv7(1_765_837_003_411) < uuidv7(1_765_837_003_412)).toBe(true);
});

it("never comes twice", () => {
  expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(1))).size).toBe(10_000);
});

it("numbers the events of a view, past what its counter holds, and unlike those of another view", () => {
  const [one, other] = [idsFrom(0x0123456789ab), idsFrom(0x0123456789ab)];
  const ids = Array.from({ length: 10_000 }, (_, seq) => one(seq));
  expect(ids[0]).toMatch(/^01234567-89ab-7000-[89ab]/);
  expect(ids[4_096]).toMatch(/^01234567-89ac-7000-[89ab]/);
  expect(new Set([...ids, other(0), other(1)]).size).toBe(10_002);
  expect(ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? ""))).toBe(true);
  expect(one(7)).toBe(ids[7]);
});
