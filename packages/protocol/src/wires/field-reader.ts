import { brief, field, isJsonObject } from "../json.js";

/** A field of a foreign record that can't be understood. Thrown by the readers, caught where one record is decoded. */
export class FieldError extends Error {
  override readonly name = "FieldError";
  constructor(name: string, value: unknown, allowed: string) {
    super(
      value === undefined
        ? `${name} is missing; it must be ${allowed}`
        : `${name} is ${brief(value)}, but must be ${allowed}`,
    );
  }
}

/** Names under which a field may be found, `quality.bitrateKbps` meaning one level down; the first that is there, and was not read before, counts. */
export type Names = readonly [string, ...string[]];

/** A number's bounds in the sender's unit, and what turns it into ours. */
export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  /** Our units in one of theirs: 1000 for seconds to ms. The result is rounded, unless `fraction`. */
  readonly scale?: number;
  readonly fraction?: boolean;
}

/** Reads a foreign record field by field and remembers what was read, so that the rest can be kept. */
export interface FieldReader {
  number(names: Names, rule?: NumberRule): number | undefined;
  text(names: Names, maxLength: number): string | undefined;
  boolean(names: Names): boolean | undefined;
  /** An identifier: 1–128 characters without control characters. A whole number becomes its digits. */
  id(names: Names): string | undefined;
  requiredId(names: Names): string;
  /** The value as it is, whatever it is. */
  any(names: Names): unknown;
  /** The value without taking it: it stays in the rest. */
  peek(names: Names): unknown;
  /** Everything that was not read, in the shape it came in; undefined when nothing is left. `null`s are dropped: they say nothing. */
  rest(): Record<string, unknown> | undefined;
}

const CONTROL = /\p{Cc}/u;

/** A reader over one record. All its readers throw {@link FieldError} for a value that is there and wrong; `null` counts as absent. */
export function readFields(record: Readonly<Record<string, unknown>>): FieldReader {
  const taken = new Set<string>();

  const find = (names: Names): { name: string; value: unknown } | undefined => {
    for (const name of names) {
      const value = valueAt(record, name);
      if (value !== undefined && value !== null && !taken.has(name)) return { name, value };
    }
    return undefined;
  };
  const take = (names: Names) => {
    const found = find(names);
    if (found) taken.add(found.name);
    return found;
  };

  const reader: FieldReader = {
    number(names, { min = 0, max = Number.MAX_SAFE_INTEGER, scale = 1, fraction = false } = {}) {
      const found = take(names);
      if (!found) return undefined;
      const { name, value } = found;
      const bound = Math.floor(max / scale);
      if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > bound) {
        throw new FieldError(name, value, `a number from ${min} to ${bound}`);
      }
      return fraction ? value * scale : Math.round(value * scale);
    },
    text(names, maxLength) {
      const found = take(names);
      if (!found) return undefined;
      const { name, value } = found;
      if (typeof value !== "string" || value.length > maxLength) {
        throw new FieldError(name, value, `text of at most ${maxLength} characters`);
      }
      return value;
    },
    boolean(names) {
      const found = take(names);
      if (!found) return undefined;
      if (typeof found.value !== "boolean") throw new FieldError(found.name, found.value, "true or false");
      return found.value;
    },
    id(names) {
      const found = take(names);
      if (!found) return undefined;
      const { name, value } = found;
      const text = Number.isSafeInteger(value) ? String(value) : value;
      if (typeof text !== "string" || text === "" || text.length > 128 || CONTROL.test(text) || !text.isWellFormed()) {
        throw new FieldError(name, value, "text of 1 to 128 characters without control characters");
      }
      return text;
    },
    requiredId(names) {
      const id = reader.id(names);
      if (id === undefined) throw new FieldError(names[0], undefined, "text of 1 to 128 characters");
      return id;
    },
    any: (names) => take(names)?.value,
    peek: (names) => find(names)?.value,
    rest: () => without(record, taken),
  };
  return reader;
}

function valueAt(record: Readonly<Record<string, unknown>>, name: string): unknown {
  const dot = name.indexOf(".");
  if (dot < 0) return field(record, name);
  const inner = field(record, name.slice(0, dot));
  return isJsonObject(inner) ? field(inner, name.slice(dot + 1)) : undefined;
}

/** `Object.fromEntries` defines fields, so that one named `__proto__` stays data until the validator refuses it. */
function without(
  record: Readonly<Record<string, unknown>>,
  taken: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  const kept: [string, unknown][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (value === null || taken.has(key)) continue;
    const prefix = `${key}.`;
    const partly = isJsonObject(value) && Array.from(taken).some((name) => name.startsWith(prefix));
    if (!partly) {
      kept.push([key, value]);
      continue;
    }
    const inner = Object.entries(value).filter(([name, item]) => item !== null && !taken.has(prefix + name));
    if (inner.length > 0) kept.push([key, Object.fromEntries(inner)]);
  }
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Leaves out the fields that are undefined, which the schema would refuse as such. */
export function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
