import type { WARM_UP_HEADER } from "@playhead/protocol";

/** The protocol's name, as a type only: its schemas stay out of the browser. */
export const WARM_UP: typeof WARM_UP_HEADER = "x-playhead-warm-up";
