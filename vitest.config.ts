import { defineConfig } from "vitest/config";

const conditions = ["source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

/** `unit` needs nothing but Node; `real` runs ffmpeg, PostgreSQL and Chromium; `e2e` runs the whole service. */
export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts"],
          exclude: ["**/*.real.test.ts", "**/node_modules/**"],
        },
      },
      {
        ...shared,
        test: {
          name: "real",
          include: ["packages/*/src/**/*.real.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          globalSetup: ["e2e/films-setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
