import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const conditions = ["source"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

const e2e = { testTimeout: 180_000, hookTimeout: 180_000 };
/** What measures times in the browser, or fills it with tabs, has the machine to itself. */
const measuring = [
  "packages/sdk/src/attach.real.test.ts",
  ...["sdk-players", "playback", "prewarm", "subtitles", "ladder", "loss", "causes", "cmcd"].map(
    (name) => `e2e/${name}.test.ts`,
  ),
];

/** Those that take longest begin first, so that no worker is left alone with one at the end. */
class LongestFirst extends BaseSequencer {
  static readonly #long = ["video-run", "access-patterns", "players", "delivery", "series", "quality-choice", "cmcd"];

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const name = path.basename(moduleId).replace(/\..*/, "");
      const place = LongestFirst.#long.indexOf(name);
      return place < 0 ? Number.POSITIVE_INFINITY : place;
    };
    const bySize = await super.sort([...files]);
    return bySize.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  }
}

/**
 * `unit` needs nothing but Node; `real` runs ffmpeg, PostgreSQL and Chromium; `e2e` runs the whole service. One group
 * after another; files wait more than they work, so two run at once even on two cores.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
