import { rm } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import { films } from "./fixtures/library.js";
import { makeFilms } from "./fixtures/make.js";
import { temporaryFolder } from "./temporary-folder.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Folder of the test library; read-only for the tests. */
    mediaDir: string;
    /** Folder for the films of `traps`, empty at first: whoever needs them makes them there, once for all. */
    trapsDir: string;
  }
}

/** Makes the test library once for all tests, and removes it after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mediaDir = await temporaryFolder("films");
  await makeFilms(mediaDir, films);
  const trapsDir = await temporaryFolder("traps");
  project.provide("mediaDir", mediaDir);
  project.provide("trapsDir", trapsDir);
  return async () => {
    for (const folder of [mediaDir, trapsDir]) await rm(folder, { recursive: true, force: true });
  };
}
