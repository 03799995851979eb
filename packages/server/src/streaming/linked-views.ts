import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";

/** What a player's address below a signed link says. */
export interface LinkedAddress {
  readonly mediaId: string;
  readonly userId: string;
  /** As `newView` gave it; undefined when the address holds none. */
  readonly view: string | undefined;
  /** The codec strings that the player says it plays; undefined: what every browser plays. */
  readonly supported: readonly string[] | undefined;
}

/** Hex digits of the plan's fingerprint in a view's name. */
const planDigits = 12;
const form = /^([\w-]{8})\.([0-9a-f]{12})$/;

/**
 * Names one player's view through a link, and the plan that its playlists were written from: after its HLS session has
 * ended (a TV that was paused for an hour, a server that was restarted) another one goes on, if the plan is the same.
 */
export function newView(fingerprint: string): string {
  return `${randomBytes(6).toString("base64url")}.${fingerprint.slice(0, planDigits)}`;
}

/** Whether the playlists of this view list what the plan of this fingerprint delivers. */
export function isOfPlan(view: string, fingerprint: string): boolean {
  return form.exec(view)?.[2] === fingerprint.slice(0, planDigits);
}

export interface LinkedViewsOptions {
  readonly isOpen: (sessionId: string) => boolean;
  /** @returns the id of a session for this view. */
  readonly open: (address: LinkedAddress & { readonly view: string }) => string;
}

/**
 * The HLS sessions of players that came through a signed link: one for each view, opened when first asked for, and again
 * after it ended. Such players know nothing of sessions and can't renew them.
 */
export class LinkedViews {
  readonly #options: LinkedViewsOptions;
  readonly #sessions = new LRUCache<string, string>({ max: 1_000 });

  constructor(options: LinkedViewsOptions) {
    this.#options = options;
  }

  /** @returns undefined for an address without a view of ours. */
  sessionOf(address: LinkedAddress): string | undefined {
    const { mediaId, userId, view, supported } = address;
    if (view === undefined || !form.test(view)) return undefined;
    const key = JSON.stringify([mediaId, userId, view, supported]);
    const known = this.#sessions.get(key);
    if (known !== undefined && this.#options.isOpen(known)) return known;
    const opened = this.#options.open({ ...address, view });
    this.#sessions.set(key, opened);
    return opened;
  }
}
