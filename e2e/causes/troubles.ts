import type { ViewReply } from "@playhead/protocol";

export const troubles = [
  "starvedEncoder",
  "slowEncoder",
  "slowNetwork",
  "slowStart",
  "busyPage",
  "brokenPicture",
  "leftStarved",
  "leftSlow",
  "leftUnstarted",
  "none",
] as const;
export type Trouble = (typeof troubles)[number];

/** What each trouble is to be called (`docs/causes.md`); of a start where the start is what waits. */
export const called = {
  starvedEncoder: { stallCause: "encoder" },
  slowEncoder: { startCause: "encoder" },
  slowNetwork: { stallCause: "network" },
  slowStart: { startCause: "network" },
  busyPage: { stallCause: "player" },
  brokenPicture: { stallCause: "device" },
  leftStarved: { stallCause: "encoder" },
  leftSlow: { stallCause: "network" },
  leftUnstarted: { startCause: "encoder" },
  none: { stallCause: null, startCause: null },
} as const satisfies Record<Trouble, Partial<Pick<ViewReply, "startCause" | "stallCause">>>;
