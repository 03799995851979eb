import { isDimension } from "./dimensions.js";
/** The server's filter grammar: `browser:eq:Firefox,delivery:eq:copy`, with a backslash before what separates. */
export function writeFilters(filters) {
  return filters.map(({ dimension, value }) => `${dimension}:eq:${value.replaceAll(/[\\,|]/g, "\\$&")}`).join(",");
}
/** Reads what `writeFilters` writes. What is not of that form is left out: a link from elsewhere must still open. */
export function readFilters(text) {
  const filters = [];
  for (const condition of splitAtCommas(text)) {
    const [, dimension, escaped] = /^([^:]*):eq:(.*)$/s.exec(condition) ?? [];
    if (dimension === undefined || escaped === undefined || !isDimension(dimension)) continue;
    filters.push({ dimension, value: escaped.replaceAll(/\\([\\,|])/g, "$1") });
  }
  return filters;
}
/** The same conditions with this one added, in the place of another of its dimension. */
export function withFilter(filters, added) {
  return [...withoutFilter(filters, added.dimension), added];
}
export function withoutFilter(filters, dimension) {
  return filters.filter((filter) => filter.dimension !== dimension);
}
function splitAtCommas(text) {
  return text.match(/(?:\\.|[^,\\])+/gs) ?? [];
}
//# sourceMappingURL=filter.js.map
