/** As much of JSON Schema as the protocol's schemas use. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/**
 * The TypeScript type of what a schema accepts, as source. Fields that are not named are left out, as they are in the
 * static types of the protocol.
 * @throws for a schema of a kind that it does not know.
 */
export function typeOfSchema(schema: Schema, indent = ""): string {
  const { type, anyOf, items, properties, patternProperties, required = [] } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (anyOf) return anyOf.map((one) => typeOfSchema(one, indent)).join(" | ");
  if (type === "array" && items) return `(${typeOfSchema(items, indent)})[]`;
  if (type === "object" && patternProperties) {
    const values = Object.values(patternProperties).map((value) => typeOfSchema(value, indent));
    return `Record<string, ${values.join(" | ")}>`;
  }
  if (type === "object") {
    const deeper = `${indent}  `;
    const fields = Object.entries(properties ?? {}).map(
      ([name, field]) =>
        `${deeper}${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOfSchema(field, deeper)};\n`,
    );
    return `{\n${fields.join("")}${indent}}`;
  }
  if (type === "integer") return "number";
  if (type === "string" || type === "number" || type === "boolean" || type === "null") return type;
  if (Object.keys(schema).length === 0) return "unknown";
  throw new Error(`No type is known for ${JSON.stringify(schema)}`);
}
