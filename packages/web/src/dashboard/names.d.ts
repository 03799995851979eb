import type { LibraryItem } from "@playhead/protocol";
import { type Dimension } from "./dimensions.js";
export interface Names {
  /** The item of the library, if it is there (still). */
  readonly item: (mediaId: string | null) => LibraryItem | undefined;
  /** A film's title; the id itself for what other players played, or what is gone. */
  readonly film: (mediaId: string | null) => string;
  readonly viewer: (viewerId: string | null) => string;
  /** A value of any dimension. */
  readonly value: (dimension: Dimension, value: string | null) => string;
}
/** Films, viewers and codes by the names that people know them by. */
export declare function useNames(): Names;
/** The first part of a UUID tells viewers apart well enough; other ids are shown as they are. */
export declare function shortId(id: string): string;
//# sourceMappingURL=names.d.ts.map
