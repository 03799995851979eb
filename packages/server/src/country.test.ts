import { expect, it } from "vitest";
import { countryOf } from "./country.js";

it("knows a country's code, however it is written", () => {
  expect(["SE", "de", " gb ", "XK"].map(countryOf)).toEqual(["SE", "DE", "GB", "XK"]);
});

it("takes nothing else for a country", () => {
  const others = ["XX", "ZZ", "T1", "UK", "SWE", "S", "", "Sweden", "SE, DE", ["SE", "DE"], undefined];
  for (const header of others) expect(countryOf(header)).toBeUndefined();
});
