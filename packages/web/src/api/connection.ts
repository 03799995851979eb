/** The viewer asked to save data, or pays for it. */
export function isCostly(): boolean {
  return connection("saveData") === true || connection("type") === "cellular";
}

/** What the page itself needs would suffer from fetching ahead. */
export function isSlow(): boolean {
  return ["slow-2g", "2g", "3g"].includes(String(connection("effectiveType")));
}

/** The Network Information API, where there is one. */
function connection(name: "saveData" | "type" | "effectiveType"): unknown {
  const known: unknown = Reflect.get(navigator, "connection");
  return typeof known === "object" && known !== null ? Reflect.get(known, name) : undefined;
}
