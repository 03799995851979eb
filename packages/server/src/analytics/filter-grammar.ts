import { type ViewDimension, type ViewFilter, viewDimensions } from "@playhead/store";
import { AppError } from "../errors.js";

const MAX_FILTERS = 20;
const MAX_VALUES = 100;
const MAX_LENGTH = 256;
/** One of the page's own dimensions, as it names them in `context.custom`. */
const isCustom = (name: string): name is `custom.${string}` => /^custom\.[^\p{Cc}:,|\\]{1,64}$/u.test(name);
const ops = ["eq", "ne", "in"] as const;

const bad = (message: string) => new AppError("bad_request", { message });

/** @throws {AppError} `bad_request` that lists the dimensions. */
export function parseDimension(name: string, value: string): ViewDimension {
  const dimension = viewDimensions.find((known) => known === value);
  if (isCustom(value)) return value;
  if (dimension === undefined) {
    throw bad(
      `${name} is "${value.slice(0, 64)}", but must be one of ${viewDimensions.join(", ")}, or custom.<a name of yours>.`,
    );
  }
  return dimension;
}

const MAX_DIMENSIONS = 3;

/** `by` of a query: up to three dimensions, with commas between them. @throws {AppError} `bad_request`. */
export function parseDimensions(value: string): readonly ViewDimension[] {
  const by = [...new Set(value.split(","))].map((name) => parseDimension("by", name));
  if (by.length > MAX_DIMENSIONS) throw bad(`by has ${by.length} dimensions, but takes at most ${MAX_DIMENSIONS}.`);
  return by;
}

/**
 * The filter grammar of every analytics route: conditions that all hold, such as `browser:eq:Firefox,codec:in:hevc|av1`.
 * A comma, bar or backslash within a value is written with a backslash before it.
 * @throws {AppError} `bad_request` with what is allowed.
 */
export function parseFilters(value: string | undefined): readonly ViewFilter[] {
  if (value === undefined || value === "") return [];
  const conditions = splitAt(value, ",");
  if (conditions.length > MAX_FILTERS) throw bad(`filter has more than ${MAX_FILTERS} conditions.`);
  return conditions.map(parseCondition);
}

function parseCondition(condition: string): ViewFilter {
  const [, name, opName, rest] = /^([^:]*):([^:]*):(.*)$/s.exec(condition) ?? [];
  if (name === undefined || opName === undefined || rest === undefined) {
    throw bad(
      `filter has "${condition.slice(0, 64)}", but must be conditions such as browser:eq:Firefox or codec:in:hevc|av1.`,
    );
  }
  const dimension = parseDimension("filter", name);
  const op = ops.find((known) => known === opName);
  if (op === undefined) throw bad(`filter has "${opName.slice(0, 64)}", but must use one of ${ops.join(", ")}.`);
  const values = (op === "in" ? splitAt(rest, "|") : [rest]).map((text) => text.replaceAll(/\\([\\,|])/g, "$1"));
  if (values.length > MAX_VALUES || values.some((text) => text.length > MAX_LENGTH)) {
    throw bad(`filter takes at most ${MAX_VALUES} values of ${MAX_LENGTH} characters for ${dimension}.`);
  }
  if (values.some((text) => text.includes("\0"))) throw bad("filter has a value with a NUL character.");
  return { dimension, op, values };
}

/** Splits at a separator that no backslash stands before. */
function splitAt(value: string, separator: string): readonly string[] {
  const parts = [""];
  for (let i = 0; i < value.length; i++) {
    const char = value.charAt(i);
    const last = parts.length - 1;
    if (char === separator) parts.push("");
    else if (char === "\\" && i + 1 < value.length) parts[last] += char + value.charAt(++i);
    else parts[last] += char;
  }
  return parts;
}
