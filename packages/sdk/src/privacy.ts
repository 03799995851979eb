import { attempt } from "./observe/guard.js";
import type { AttachOptions } from "./options.js";
import { uuidv7 } from "./record/uuid.js";
import { forgetLeftovers } from "./send/leftovers.js";

declare global {
  interface Navigator {
    /** Global Privacy Control (W3C): Firefox, Brave, DuckDuckGo. */
    readonly globalPrivacyControl?: boolean;
  }
}

const TAB_KEY = "playhead.viewer";

/** Whether this viewer may be watched, and is among those to be watched. */
export function mayWatch(options: AttachOptions): boolean {
  if (!options.ignorePrivacySignals && objects()) {
    forgetLeftovers();
    return false;
  }
  const { sampleRate = 1 } = options;
  if (sampleRate >= 1) return true;
  const viewer = viewerOf(options);
  return (viewer === undefined ? Math.random() : shareOf(viewer)) < sampleRate;
}

/** The viewer as the page names them, else a random id that lives as long as the tab; undefined if there is to be none. */
export function viewerOf({ viewerId, anonymous }: AttachOptions): string | undefined {
  if (viewerId !== undefined || anonymous === "none") return viewerId;
  return attempt(() => {
    const id = sessionStorage.getItem(TAB_KEY) ?? uuidv7(Date.now());
    sessionStorage.setItem(TAB_KEY, id);
    return id;
  });
}

/** Do Not Track is retired as a standard, and still a setting of browsers. */
function objects(): boolean {
  return attempt(() => navigator.globalPrivacyControl || navigator.doNotTrack === "1") ?? false;
}

/** Where a viewer lies between 0 and 1: always the same place, evenly spread (FNV-1a, and a last mixing of its bits). */
export function shareOf(viewerId: string): number {
  let hash = 0x811c9dc5;
  for (const letter of viewerId) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
