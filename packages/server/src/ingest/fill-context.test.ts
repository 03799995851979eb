import { expect, it } from "vitest";
import { fillContext } from "./fill-context.js";

const safari =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15";
const shared = { viewId: "v", device: { screenWidth: 1920, os: "iOS" } };

it("fills in what a context does not say of its device, and leaves what it does", () => {
  const fill = fillContext(safari, undefined);
  expect(fill(shared)).toMatchObject({ viewId: "v", device: { browser: "Safari", os: "iOS", screenWidth: 1920 } });
  const told = { viewId: "v", device: { browser: "Firefox" } };
  expect(fill(told)).toBe(told);
});

it("takes the country from the proxy's header alone", () => {
  expect(fillContext(undefined, "SE")(shared)).toEqual({ ...shared, country: "SE" });
  expect(fillContext(undefined, "SE")({ ...shared, country: "DE" })).toEqual({ ...shared, country: "SE" });
  expect(fillContext(undefined, undefined)({ ...shared, country: "DE" })).toEqual(shared);
});

it("keeps one context one, for it is stored once", () => {
  const fill = fillContext(safari, "SE");
  expect(fill(shared)).toBe(fill(shared));
  expect(fillContext(undefined, undefined)(shared)).toBe(shared);
});
