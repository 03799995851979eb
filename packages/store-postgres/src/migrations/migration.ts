/** One step of the schema. `name` says what it brings; its number is its place in the list, from 1. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}
