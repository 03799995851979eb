import { rm } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import { type FilmName, films, makeLibrary } from "./fixtures/library.js";
import { temporaryFolder } from "./temporary-folder.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the test library; read-only for the tests. */
    mediaDir: string;
  }
}

/** Makes the test library once for all tests, and removes it after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mediaDir = await temporaryFolder("films");
  await makeLibrary(mediaDir, Object.keys(films) as FilmName[]);
  project.provide("mediaDir", mediaDir);
  return () => rm(mediaDir, { recursive: true, force: true });
}
