import { expect, it } from "vitest";
import { ByteLru } from "./byte-lru.js";

it("drops the least recently used beyond the quota, and never counts anything twice", () => {
  const lru = new ByteLru(100);
  lru.set("a", new Uint8Array(40));
  lru.set("b", new Uint8Array(40));
  lru.get("a");
  lru.set("c", new Uint8Array(40));
  expect([lru.has("a"), lru.has("b"), lru.has("c"), lru.bytes]).toEqual([true, false, true, 80]);
  lru.set("a", new Uint8Array(10));
  expect(lru.bytes).toBe(50);
  lru.set("huge", new Uint8Array(101));
  expect([lru.has("huge"), lru.bytes]).toEqual([false, 50]);
});
