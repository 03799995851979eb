import type { Logger } from "@playhead/store";

/** For tests: what a store has to say is not their subject. */
export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
