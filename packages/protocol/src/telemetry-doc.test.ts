import { readFileSync } from "node:fs";
import type { TSchema } from "typebox";
import { describe, expect, test } from "vitest";
import { Totals, ViewRow } from "./analytics.js";
import { Context } from "./context.js";
import { type EventType, eventSchemas, eventTypes, serverEventTypes } from "./event.js";
import { isJsonObject } from "./json.js";
import type { EventSource } from "./record.js";

/** The page for people says what the schemas say: a type, a field or a unit that is missing there, or wrong, fails here. */
const page = readFileSync(new URL("../../../docs/telemetry.md", import.meta.url), "utf8");

const section = (title: string): string => {
  const at = page.indexOf(`\n## ${title}\n`);
  if (at < 0) throw new Error(`docs/telemetry.md has no section "${title}"`);
  return page.slice(at, page.indexOf("\n## ", at + 1) >>> 0);
};
/** The rows of a section's tables, cell by cell, without their heads. */
const rows = (title: string): readonly (readonly string[])[] =>
  section(title)
    .split(/^\|(?:---\|)+$/m)
    .slice(1)
    .flatMap((table) => table.match(/^\|.*\|$/gm) ?? [])
    .filter((line) => !/^\| (event|field|source) \|/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
const names = (cell: string): readonly string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name ?? "");
const required = (cell: string): readonly string[] =>
  Array.from(cell.matchAll(/\*\*`([^`]+)`\*\*/g), ([, n]) => n ?? "");

const fieldsOf = (type: EventType): Readonly<Record<string, TSchema>> => eventSchemas[type].properties;
const base = ["id", "seq", "type", "ts", "positionMs", "state"];
const ownFields = (type: EventType) => Object.keys(fieldsOf(type)).filter((name) => !base.includes(name));

/** The schema's own words, where it lists any. */
function wordsOf(schema: unknown): readonly string[] {
  if (!isJsonObject(schema)) return [];
  if (typeof schema.const === "string") return [schema.const];
  return Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(wordsOf) : [];
}

/** The unit that a field's name and schema ask for. */
function unitOf(path: string, schema: TSchema): readonly string[] {
  const name = path.split(".").at(-1) ?? path;
  const type = isJsonObject(schema) ? schema.type : undefined;
  if (name.endsWith("Ms") || name === "ts") return ["ms"];
  if (name.endsWith("Bps")) return ["bit/s"];
  if (name.endsWith("Mbps")) return ["Mbit/s"];
  if (/bytes$/i.test(name)) return ["bytes"];
  if (/(width|height)$/i.test(name)) return ["px"];
  if (name === "fps") return ["1/s"];
  if (name === "status") return ["HTTP status"];
  if (type === "boolean") return ["true, false"];
  if (type === "integer" || type === "number") return ["count"];
  if (type === "string") return ["text", "word", "text, any"];
  return wordsOf(schema).length > 0 ? ["word"] : ["any", "text, any"];
}

function expectDescribed(row: readonly string[] | undefined, path: string, schema: TSchema): void {
  expect(row, `${path} has no row`).toBeDefined();
  const [, unit = "", meaning = ""] = row ?? [];
  expect(unitOf(path, schema), `the unit of ${path}`).toContain(unit);
  expect(meaning, `the meaning of ${path}`).not.toBe("");
  for (const word of path === "type" ? [] : wordsOf(schema)) expect(names(meaning), path).toContain(word);
}

describe("docs/telemetry.md", () => {
  const events = rows("Events");

  test("tells of every event type, the server's own apart", () => {
    expect(events.flatMap(([name = ""]) => names(name))).toEqual(eventTypes);
    const own = section("Events").split("The server's own")[1] ?? "";
    for (const type of eventTypes) expect(own.includes(`| \`${type}\` |`)).toBe(serverEventTypes.has(type));
  });

  test.each(eventTypes)("lists the fields of %s, and which must be there", (type) => {
    const [, when = "", fields = ""] = events.find(([name]) => name === `\`${type}\``) ?? [];
    expect(when).not.toBe("");
    const listed = [...names(fields), ...(fields.includes("the measures") ? ownFields("heartbeat") : [])];
    expect(listed.toSorted()).toEqual(ownFields(type).toSorted());
    const must: readonly string[] = eventSchemas[type].required;
    expect(required(fields)).toEqual(ownFields(type).filter((name) => must.includes(name)));
  });

  test("describes every field of an event, with its unit and its words", () => {
    const table = rows("Fields of events");
    const known = new Set<string>();
    for (const type of eventTypes) {
      for (const [name, schema] of Object.entries(fieldsOf(type))) {
        known.add(name);
        const row = table.find(([cell = ""]) => names(cell).includes(name));
        expectDescribed(row, name, schema);
      }
    }
    expect(table.flatMap(([cell = ""]) => names(cell)).toSorted()).toEqual([...known].toSorted());
  });

  test("describes every field of the context", () => {
    const table = rows("Context");
    const known: string[] = [];
    const walk = (schema: TSchema, prefix: string): void => {
      const properties = isJsonObject(schema) && isJsonObject(schema.properties) ? schema.properties : {};
      for (const [name, inner] of Object.entries(properties)) {
        const path = prefix + name;
        if (!isJsonObject(inner)) continue;
        if (isJsonObject(inner.properties)) walk(inner, `${path}.`);
        else {
          known.push(path);
          const row = table.find(([cell = ""]) => names(cell).includes(path));
          expectDescribed(row, path, inner);
        }
      }
    };
    walk(Context, "");
    expect(table.flatMap(([cell = ""]) => names(cell)).toSorted()).toEqual(known.toSorted());
  });

  test("names every wire", () => {
    const sources = {
      sdk: 1,
      server: 1,
      seed003: 1,
      seed004: 1,
      epas: 1,
      cmcd: 1,
      "cmcd-request": 1,
      api: 1,
    } satisfies Record<EventSource, 1>;
    const listed = rows("Wires").flatMap(([name = ""]) => names(name));
    expect(listed.toSorted()).toEqual(Object.keys(sources).toSorted());
  });

  test("defines every metric of a view and of many", () => {
    const dimensions =
      section("Asking")
        .match(/Dimensions: `([^`]+)`/)?.[1]
        ?.split(/\s+/) ?? [];
    const ofView = new Set([...names(section("Metrics of a view")), ...dimensions, "custom"]);
    expect(Object.keys(ViewRow.properties).filter((name) => !ofView.has(name))).toEqual([]);
    const ofMany = new Set(rows("Many views").flatMap(([cell = ""]) => names(cell)));
    expect(Object.keys(Totals.properties).filter((name) => !ofMany.has(name))).toEqual([]);
  });

  test("sets CTA-2066 and Mux beside metrics that there are", () => {
    const metrics = new Set([...Object.keys(ViewRow.properties), ...Object.keys(Totals.properties), "concurrent"]);
    const table = rows("Beside CTA-2066 and Mux");
    expect(table.length).toBeGreaterThan(10);
    for (const [ours = "", ...theirs] of table) {
      expect(names(ours).filter((name) => !metrics.has(name))).toEqual([]);
      expect(theirs).toHaveLength(3);
    }
  });
});
