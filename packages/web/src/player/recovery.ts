/** What to do about an error of the player that it could not get over itself. */
export type Remedy =
  | { readonly kind: "reload"; readonly afterMs: number }
  | { readonly kind: "recover-media" }
  | { readonly kind: "swap-audio-codec" }
  /** The browser claims this codec and fails at it: have the server convert the file. */
  | { readonly kind: "convert" }
  | { readonly kind: "give-up" };

export interface PlayerFailure {
  readonly category: "network" | "media" | "other";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
}

export interface Recovery {
  remedyFor(failure: PlayerFailure): Remedy;
  /** It has been playing well for a while: what went before is forgiven. */
  forgive(): void;
}

/** Waits before loading again, ms: about two minutes in all, the time of a server that is restarted. */
const network = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000];
/** The server said that it can't: asking twice more is for the passing troubles, more would only hide it. */
const REFUSALS = 2;
const media = ["recover-media", "swap-audio-codec", "convert"] as const;

/** Remedies in their order, each tried once until `forgive`. */
export function createRecovery(): Recovery {
  let reloads = 0;
  let refusals = 0;
  let repairs = 0;
  return {
    remedyFor({ category, status }) {
      if (category === "network") {
        if (status >= 400 && refusals++ >= REFUSALS) return { kind: "give-up" };
        const afterMs = network[reloads++];
        return afterMs === undefined ? { kind: "give-up" } : { kind: "reload", afterMs };
      }
      const kind = media[repairs++];
      return kind === undefined ? { kind: "give-up" } : { kind };
    },
    forgive() {
      reloads = 0;
      refusals = 0;
      // "Convert" stays done: a codec that failed once fails again.
      if (repairs < media.length) repairs = 0;
    },
  };
}
