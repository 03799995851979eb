import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Context, eventSchemas } from "@playhead/protocol";
import type { Plugin } from "vite";
import { entries, packageFolder } from "./entries.js";
import { type Schema, typeOfSchema } from "./type-of-schema.js";

/** Where `tsc -b` puts a declaration for each source file. */
const emitted = path.join(packageFolder, ".tsc");
const sources = path.join(packageFolder, "src");
const PROTOCOL = "@playhead/protocol";

/**
 * Writes `dist/types`: the declarations that the entry points lead to. The wire's types, which ours take from the
 * protocol's schemas, are written out, so that the package needs no other.
 */
export function declarations(): Plugin {
  return {
    name: "declarations",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const target = path.join(dir, "types");
      const done = new Set<string>();
      const copy = async (file: string): Promise<void> => {
        if (done.has(file)) return;
        done.add(file);
        const text = await readFile(path.join(emitted, file), "utf8");
        const toRoot = path.relative(path.dirname(file), ".") || ".";
        const written = text
          .replaceAll(`"${PROTOCOL}"`, `"${toRoot}/protocol.js"`)
          .replace(/\n?\/\/# sourceMappingURL=.*/, "");
        await mkdir(path.dirname(path.join(target, file)), { recursive: true });
        await writeFile(path.join(target, file), written);
        for (const [, specifier = ""] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g)) {
          await copy(path.join(path.dirname(file), `${specifier}.d.ts`));
        }
      };
      for (const source of Object.values(entries())) {
        await copy(path.relative(sources, source).replace(/\.ts$/, ".d.ts"));
      }
      await writeFile(path.join(target, "protocol.d.ts"), wireTypes());
    },
  };
}

/** A schema as JSON has it, without what its library adds for itself. */
const plain = (schema: object): Schema => JSON.parse(JSON.stringify(schema));

function wireTypes(): string {
  const names = Object.keys(eventSchemas);
  const events = Object.entries(eventSchemas).map(
    ([name, schema]) => `  ${JSON.stringify(name)}: ${typeOfSchema(plain(schema), "  ")};\n`,
  );
  return [
    "/** The wire's types. Units are in the names: ms, bit/s, bytes, px; `ts` is Unix time in ms. */",
    `export interface Context ${typeOfSchema(plain(Context))}`,
    `interface Events {\n${events.join("")}}`,
    `export type EventType = ${names.map((name) => JSON.stringify(name)).join(" | ")};`,
    "export type EventOf<T extends EventType> = Events[T];",
    "export type PlayheadEvent = Events[EventType];",
    "export interface Batch {\n  readonly schema: 1;\n  readonly sentAt: number;\n  readonly context: Context;\n  readonly events: readonly PlayheadEvent[];\n}",
    "",
  ].join("\n");
}
