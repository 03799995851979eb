import { FieldError, type FieldReader, readFields } from "../field-reader.js";
import { CMCD_VERSION, cmcdKeys } from "./keys.js";
import { parseDictionary, type SfBare, type SfItem, type SfValue, StructuredFieldError } from "./structured-fields.js";

/** Longest report, in characters. Some fifty keys, most of them a few characters long. */
export const MAX_REPORT_CHARS = 32_768;

/** One CMCD report: a dictionary as JSON, to be read key by key. */
export interface CmcdReport {
  readonly version: number;
  readonly read: FieldReader;
}

/**
 * Opens one report. What a player knows by its key as a token or a string is text here; a token under a custom key stays
 * `{token}`, so that nothing is lost.
 * @returns `ignored` for a report of a version that is not known: its keys may mean something else (CTA-5004-B, `v`).
 * @throws {FieldError} when it is no dictionary
 */
export function openReport(text: string): CmcdReport | "ignored" {
  if (text.length > MAX_REPORT_CHARS) {
    throw new FieldError("the report", text, `at most ${MAX_REPORT_CHARS} characters`);
  }
  const dictionary = dictionaryOf(text);
  const version = dictionary.get("v") ?? 1;
  if (typeof version !== "number" || version > CMCD_VERSION) return "ignored";
  const record = Object.fromEntries(Array.from(dictionary, ([key, value]) => [key, plain(key, value)]));
  return { version, read: readFields(record) };
}

function dictionaryOf(text: string): ReadonlyMap<string, SfValue> {
  try {
    return parseDictionary(text);
  } catch (error) {
    if (!(error instanceof StructuredFieldError)) throw error;
    throw new FieldError("the report", text, `a structured-field dictionary; ${error.message}`);
  }
}

function plain(key: string, value: SfValue): unknown {
  const kind = cmcdKeys.get(key);
  const isText = kind === "token" || kind === "string";
  return isText && typeof value === "object" && "token" in value ? value.token : value;
}

/** Text of a key, when it is short enough; anything else stays in the rest. */
export function textOf(read: FieldReader, key: string, maxLength: number): string | undefined {
  const value = read.peek([key]);
  return typeof value === "string" && value.length <= maxLength ? read.text([key], maxLength) : undefined;
}

/** A key's whole number from 0, in our unit; anything else stays in the rest, a fraction beside what it was rounded to. */
export function countOf(
  read: FieldReader,
  key: string,
  scale = 1,
  then: "is taken" | "stays" = "is taken",
): number | undefined {
  const value = read.peek([key]);
  if (typeof value !== "number" || value < 0 || value * scale > Number.MAX_SAFE_INTEGER) return undefined;
  if (then === "is taken" && Number.isInteger(value)) read.any([key]);
  return Math.round(value * scale);
}

export const flagOf = (read: FieldReader, key: string): boolean | undefined =>
  typeof read.peek([key]) === "boolean" ? read.boolean([key]) : undefined;

/** Which number of a list counts: that of the picture, the least, the greatest, or all of them, each object type by itself. */
export type Choice = "picture" | "least" | "greatest" | "sum";

/** What a media object is, as parameters of lists name it: `br=(3000;v 128;a)`. */
const pictureTypes = ["v", "av"] as const;

/**
 * A key whose value is one number (version 1) or a list with a number for each object type (version 2). A list of more than
 * one plain number stays in the rest, as the one that counts does not tell the others.
 */
export function numberOf(
  read: FieldReader,
  key: string,
  choice: Choice,
  scale = 1,
  then: "is taken" | "stays" = "is taken",
): number | undefined {
  const value = read.peek([key]);
  if (!Array.isArray(value)) return countOf(read, key, scale, then);
  const items: readonly (SfBare | SfItem)[] = value;
  const numbers = items.flatMap((item) => numberItem(item));
  const chosen = choose(numbers, choice);
  if (chosen === undefined || chosen < 0 || chosen * scale > Number.MAX_SAFE_INTEGER) return undefined;
  if (then === "is taken" && items.length === 1 && items[0] === chosen && Number.isInteger(chosen)) read.any([key]);
  return Math.round(chosen * scale);
}

interface TypedNumber {
  readonly number: number;
  readonly objectTypes: readonly string[];
}

function numberItem(item: SfBare | SfItem): readonly TypedNumber[] {
  if (typeof item === "number") return [{ number: item, objectTypes: [] }];
  if (typeof item !== "object" || !("params" in item) || typeof item.value !== "number") return [];
  const types = Object.entries(item.params).flatMap(([name, param]) => {
    if (param === true) return [name];
    return name === "ot" && typeof param === "object" && "token" in param ? [param.token] : [];
  });
  return [{ number: item.value, objectTypes: types }];
}

function choose(numbers: readonly TypedNumber[], choice: Choice): number | undefined {
  if (numbers.length === 0) return undefined;
  const all = numbers.map(({ number }) => number);
  if (choice === "least") return Math.min(...all);
  if (choice === "greatest") return Math.max(...all);
  if (choice === "sum") {
    const sums = new Map<string, number>();
    for (const { number, objectTypes } of numbers) {
      const type = objectTypes.join();
      sums.set(type, (sums.get(type) ?? 0) + number);
    }
    return Math.max(...sums.values());
  }
  const picture = numbers.find(({ objectTypes }) => pictureTypes.some((type) => objectTypes.includes(type)));
  return (picture ?? numbers.find(({ objectTypes }) => objectTypes.length === 0))?.number;
}
