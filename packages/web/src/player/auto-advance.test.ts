import { expect, it } from "vitest";
import { createAttendance, UNATTENDED_EPISODES } from "./auto-advance.js";

it("doubts that anybody watches after some episodes that began by themselves, until there is a sign", () => {
  const attendance = createAttendance();
  for (let i = 0; i < UNATTENDED_EPISODES; i++) {
    expect(attendance.isInDoubt).toBe(false);
    attendance.advanced();
  }
  expect(attendance.isInDoubt).toBe(true);
  attendance.seen();
  expect(attendance.isInDoubt).toBe(false);
});
