import { expect, it } from "vitest";
import { createMemory } from "./panel.js";

it("knows the answer to each of the last questions, and shows the latest meanwhile to a new one", () => {
  const memory = createMemory<number>();
  expect(memory.at("7 days").peek()).toBeUndefined();
  memory.at("7 days").value = { key: "7 days", value: 7 };
  memory.at("30 days").value = { key: "30 days", value: 30 };
  expect(memory.at("7 days").peek()).toEqual({ key: "7 days", value: 7 });
  expect(memory.at("today").peek()).toEqual({ key: "30 days", value: 30 });

  memory.at("7 days").value = { key: "7 days", value: 8 };
  for (let i = 0; i < 7; i++) memory.at(`hour ${i}`).value = { key: `hour ${i}`, value: i };
  expect(memory.at("7 days").peek()).toEqual({ key: "7 days", value: 8 });
  expect(memory.at("30 days").peek()).toEqual({ key: "hour 6", value: 6 });
});
