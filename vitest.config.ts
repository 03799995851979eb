import { defineConfig } from "vitest/config";

const conditions = ["source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

const e2e = { testTimeout: 180_000, hookTimeout: 180_000 };
/** What measures times in the browser has the machine to itself. */
const measuring = [
  "packages/sdk/src/attach.real.test.ts",
  ...["sdk-players", "playback", "prewarm", "subtitles", "ladder"].map((name) => `e2e/${name}.test.ts`),
];

/**
 * `unit` needs nothing but Node; `real` runs ffmpeg, PostgreSQL and Chromium; `e2e` runs the whole service. One group
 * after another; files wait more than they work, so two run at once even on two cores.
 */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          // Pure: files may share a process and its modules, which are thus loaded once.
          isolate: false,
          sequence: { groupOrder: 0 },
          include: ["packages/*/src/**/*.test.ts"],
          exclude: ["**/*.real.test.ts", "**/node_modules/**"],
        },
      },
      {
        ...shared,
        test: {
          name: "real",
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          include: ["packages/*/src/**/*.real.test.ts", "bench/**/*.real.test.ts"],
          exclude: measuring,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          ...e2e,
          name: "e2e",
          globalSetup: ["e2e/films-setup.ts"],
          sequence: { groupOrder: 2 },
          include: ["e2e/**/*.test.ts"],
          exclude: measuring,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          ...e2e,
          name: "measuring",
          sequence: { groupOrder: 3 },
          include: measuring,
          fileParallelism: false,
        },
      },
    ],
  },
});
