import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";

/** Notes the scripts that the page loads from here on, and asks for each once more to see how large it is, gzipped. */
export function collectScripts(page: Page): { gzipBytes(except?: RegExp): Promise<number> } {
  const urls = new Set<string>();
  page.on("request", (request) => {
    if (request.resourceType() === "script") urls.add(request.url());
  });
  return {
    async gzipBytes(except) {
      let sum = 0;
      for (const url of urls) {
        if (except?.test(new URL(url).pathname)) continue;
        sum += gzipSync(await (await fetch(url)).arrayBuffer(), { level: 9 }).length;
      }
      return sum;
    },
  };
}
