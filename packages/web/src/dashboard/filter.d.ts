import { type Dimension } from "./dimensions.js";
/** One condition: the dimension has this value. */
export interface Filter {
  readonly dimension: Dimension;
  readonly value: string;
}
/** The server's filter grammar: `browser:eq:Firefox,delivery:eq:copy`, with a backslash before what separates. */
export declare function writeFilters(filters: readonly Filter[]): string;
/** Reads what `writeFilters` writes. What is not of that form is left out: a link from elsewhere must still open. */
export declare function readFilters(text: string): readonly Filter[];
/** The same conditions with this one added, in the place of another of its dimension. */
export declare function withFilter(filters: readonly Filter[], added: Filter): readonly Filter[];
export declare function withoutFilter(filters: readonly Filter[], dimension: Dimension): readonly Filter[];
//# sourceMappingURL=filter.d.ts.map
