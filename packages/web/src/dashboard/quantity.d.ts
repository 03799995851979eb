/** A measured value as it is set in type: figures and units apart. `1 min 05 s` has two parts. */
export type Quantity = readonly {
  readonly figure: string;
  readonly unit: string;
}[];
/** What is not known; never zero. */
export declare const unknown: Quantity;
/** A quantity in one line of text. */
export declare function say(quantity: Quantity): string;
/** Three figures that count: `347 ms`, `1.30 s`, `12.4 s`, `2 min 05 s`, `1 h 02 min`. */
export declare function milliseconds(ms: number | null | undefined): Quantity;
/** A share of 0–1 in per cent: `0.35 %`, `12.3 %`. What is there but too small to show is not shown as none. */
export declare function share(ratio: number | null | undefined): Quantity;
/** `336 kbit/s`, `3.15 Mbit/s`, `25.0 Mbit/s`. */
export declare function bitrate(bps: number | null | undefined): Quantity;
export declare function count(n: number | null | undefined, unit?: string): Quantity;
/** A number that is no count and no time: a score, a rate. */
export declare function decimal(n: number | null | undefined, digits: number, unit?: string): Quantity;
/** Counts with their noun: `1 stall`, `3 stalls`. */
export declare function counted(n: number, noun: string): string;
//# sourceMappingURL=quantity.d.ts.map
