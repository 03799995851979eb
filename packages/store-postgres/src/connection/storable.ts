/** Whether PostgreSQL could hold these texts at all. What it could not, it does not: a query for it finds nothing. */
export function storable(...texts: readonly string[]): boolean {
  return texts.every((text) => !text.includes("\0"));
}
