import { isJsonObject } from "./json.js";

/** Deepest nesting of an event or context. What is deeper is no telemetry, and would exhaust a recursive reader. */
export const MAX_DEPTH = 32;

/** Why a value can't be kept, and where; `path` is empty at the root. */
export interface Unstorable {
  readonly path: string;
  readonly reason: string;
}

/**
 * Finds what JSON allows and a database does not keep unchanged: NUL (PostgreSQL's text has none), lone surrogates (no
 * UTF-8 form), numbers past a double (JSON.parse makes them Infinity), the key `__proto__`, and nesting past {@link MAX_DEPTH}.
 */
export function findUnstorable(value: unknown, depth = 0): Unstorable | null {
  if (typeof value === "string") return textProblem(value);
  if (typeof value === "number") return Number.isFinite(value) ? null : at("", "is a number too large to keep");
  if (typeof value !== "object" || value === null) return null;
  if (depth >= MAX_DEPTH) return at("", `is nested more than ${MAX_DEPTH} deep`);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const problem = findUnstorable(item, depth + 1);
      if (problem) return within(String(index), problem);
    }
    return null;
  }
  if (!isJsonObject(value)) return null;
  for (const key of Object.keys(value)) {
    if (key === "__proto__") return at("", "has a field named __proto__");
    const keyProblem = textProblem(key);
    if (keyProblem) return at("", `has a field whose name ${keyProblem.reason}`);
    const problem = findUnstorable(value[key], depth + 1);
    if (problem) return within(key, problem);
  }
  return null;
}

/** Most values in one record: 64 KiB of JSON, the longest event that is kept, hold no more. */
export const MAX_VALUES = 32_768;

/** Whether a value holds more than {@link MAX_VALUES}, itself and its names not counted; looks no further, and not past {@link MAX_DEPTH}. */
export const isOversized = (value: unknown): boolean => valuesLeft(value, MAX_VALUES, 0) < 0;

function valuesLeft(value: unknown, left: number, depth: number): number {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return left;
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let rest = left - inner.length;
  for (let i = 0; i < inner.length && rest >= 0; i++) rest = valuesLeft(inner[i], rest, depth + 1);
  return rest;
}

/** The message of an {@link Unstorable} in a whole of that name: `event`, `context`. */
export const describeUnstorable = ({ path, reason }: Unstorable, whole: string): string =>
  `${path ? `${whole}.${path}` : `the ${whole}`} ${reason}`;

function textProblem(text: string): Unstorable | null {
  if (text.includes("\0")) return at("", "contains a NUL character");
  if (!text.isWellFormed()) return at("", "contains half a character (a lone surrogate)");
  return null;
}

const at = (path: string, reason: string): Unstorable => ({ path, reason });

const within = (key: string, { path, reason }: Unstorable): Unstorable =>
  at(path ? `${key.slice(0, 64)}.${path}` : key.slice(0, 64), reason);
