/** A JSON object: not null, not an array. Its fields are as unknown as itself. */
export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Own fields only, so that a field named `constructor` is data and never the prototype's. */
export const field = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

const BRIEF = 40;

/** A value in a few characters, for a message that says what was sent. */
export function brief(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > BRIEF ? `${value.slice(0, BRIEF)}…` : value);
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return isJsonObject(value) ? "an object" : String(value);
}
