import type { LibraryReply, MediaReply } from "@playhead/protocol";
import { type Signal } from "@preact/signals";
/** The library as it was last seen. */
export declare const knownLibrary: Signal<LibraryReply | undefined>;
export declare function loadLibrary(signal: AbortSignal): Promise<LibraryReply>;
/** What is known of one item; the player starts from what the item's page has loaded already. */
export declare function knownMedia(id: string): Signal<MediaReply | undefined>;
export declare function loadMedia(id: string, signal?: AbortSignal): Promise<MediaReply>;
//# sourceMappingURL=library.d.ts.map
