/** RFC 4180: one record, ended by CRLF. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(csvCell).join(",")}\r\n`;

/**
 * Nothing for null and undefined, JSON for what is no plain value. A text that a spreadsheet would take for a formula gets an
 * apostrophe before it: viewers' own words (an error's message, a custom dimension) stand in these files.
 * Source: OWASP, "CSV Injection".
 */
function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
