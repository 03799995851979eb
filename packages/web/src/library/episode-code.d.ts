import type { LibraryItem } from "@playhead/protocol";
/** `S01E02`, `E02`, or nothing. */
export declare function episodeCode(item: Pick<LibraryItem, "season" | "episode">): string;
//# sourceMappingURL=episode-code.d.ts.map
