import { brief, field, isJsonObject } from "./json.js";

/** As much of a validation error as its description needs. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer (RFC 6901) to the value. */
  readonly instancePath: string;
  readonly params: object;
}

/**
 * Says in one sentence which field is wrong, what it is, and what is allowed.
 * Written for the person who integrates a player, who sees it in the reply.
 */
export function describeProblem(schema: unknown, value: unknown, errors: readonly SchemaError[]): string {
  const error = errors[0];
  if (!error) return "is not valid";
  const path = segments(error.instancePath);
  const missing = missingField(error);
  if (missing !== undefined) {
    return `${[...path, missing].join(".")} is missing; it must be ${allowed(schemaAt(schema, [...path, missing]))}`;
  }
  const name = path.join(".").slice(0, 100) || "the value";
  return `${name} is ${brief(valueAt(value, path))}, but must be ${allowed(schemaAt(schema, path))}`;
}

const segments = (pointer: string): readonly string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));

function missingField(error: SchemaError): string | undefined {
  if (error.keyword !== "required" || !("requiredProperties" in error.params)) return undefined;
  const names = error.params.requiredProperties;
  const first: unknown = Array.isArray(names) ? names[0] : undefined;
  return typeof first === "string" ? first : undefined;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (Array.isArray(at)) at = at[Number(key)];
    else at = isJsonObject(at) ? field(at, key) : undefined;
  }
  return at;
}

function schemaAt(schema: unknown, path: readonly string[]): unknown {
  let at = schema;
  for (const key of path) at = isJsonObject(at) ? childSchema(at, key) : undefined;
  return at;
}

function childSchema(schema: Readonly<Record<string, unknown>>, key: string): unknown {
  if (schema.type === "array") return schema.items;
  const { properties, patternProperties } = schema;
  const named = isJsonObject(properties) ? field(properties, key) : undefined;
  return named ?? (isJsonObject(patternProperties) ? Object.values(patternProperties)[0] : undefined);
}

/** What a schema allows, in words. */
function allowed(schema: unknown): string {
  if (!isJsonObject(schema)) return "something else";
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.anyOf)) {
    const options = schema.anyOf.map(allowed);
    return options.length > 1 ? `${options.slice(0, -1).join(", ")} or ${options.at(-1)}` : options.join("");
  }
  switch (schema.type) {
    case "integer":
      return `a whole number${range(schema.minimum, schema.maximum)}`;
    case "number":
      return `a number${range(schema.minimum, schema.maximum)}`;
    case "string":
      return `text${range(schema.minLength, schema.maxLength, " characters")}${schema.pattern ? " without control characters" : ""}`;
    case "array":
      return `an array${range(schema.minItems, schema.maxItems, " items")}`;
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "object":
      return "an object";
    default:
      return "something else";
  }
}

function range(min: unknown, max: unknown, unit = ""): string {
  const of = unit ? " of" : "";
  const from = unit ? "" : " from";
  if (typeof min === "number" && typeof max === "number") return `${of}${from} ${min} to ${max}${unit}`;
  if (typeof min === "number") return `${of} at least ${min}${unit}`;
  if (typeof max === "number") return `${of} at most ${max}${unit}`;
  return "";
}
