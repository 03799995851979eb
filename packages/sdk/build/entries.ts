import { readFileSync } from "node:fs";
import path from "node:path";

export const packageFolder = path.resolve(import.meta.dirname, "..");

/**
 * The package's entry points, as its `exports` name them: `@playhead/sdk/hlsjs` is `{ hlsjs: "<its source file>" }`, the
 * package itself `index`.
 */
export function entries(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8"));
  const found: Record<string, string> = {};
  for (const [name, target] of Object.entries<string | { source: string }>(exports)) {
    if (typeof target === "string") continue;
    found[name === "." ? "index" : name.slice(2)] = path.join(packageFolder, target.source);
  }
  return found;
}
