import { expect, it } from "vitest";
import { isNear, isNearAddress } from "./near.js";

it("knows the addresses of this machine and its network", () => {
  const near = ["127.0.0.1", "::1", "192.168.1.20", "10.1.2.3", "172.31.0.1", "::ffff:10.0.0.1", "fd00::1", "fe80::1"];
  const far = ["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8", "", "unknown"];
  expect(near.filter((address) => !isNearAddress(address))).toEqual([]);
  expect(far.filter((address) => isNearAddress(address))).toEqual([]);
});

it("asks for the client's address where a proxy tells it", () => {
  expect(isNear({ ip: "127.0.0.1", headers: {} })).toBe(true);
  expect(isNear({ ip: "127.0.0.1", headers: { "x-forwarded-for": "8.8.8.8, 10.0.0.1" } })).toBe(false);
});
