import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { User } from "@playhead/store";
import { AppError } from "../errors.js";
import { addressOf, type PlaybackLink } from "./playback-link.js";

/** Gives out playback links, and tells which are real. */
export interface PlaybackLinks {
  /** @returns path and query of a link, and when it ends, unix ms. */
  issue(user: User, mediaId: string): Promise<{ readonly url: string; readonly expiresAt: number }>;
  /** The user that a link was given to. @throws {AppError} link_invalid, link_expired */
  verify(link: PlaybackLink): Promise<User>;
}

export interface PlaybackLinksOptions {
  /** The server's own secret; the key for links is derived from it. */
  readonly secret: string;
  readonly lifetimeMs: number;
  /** Unix ms. */
  readonly now: () => number;
  readonly userOfId: (id: string) => Promise<User | undefined>;
  /** What the user's token hashes to: a new token ends the links that were given out under the old one. */
  readonly tokenSha256Of: (userId: string) => Promise<Uint8Array | undefined>;
}

export function createPlaybackLinks(options: PlaybackLinksOptions): PlaybackLinks {
  const { now, lifetimeMs, userOfId, tokenSha256Of } = options;
  const key = Buffer.from(hkdfSync("sha256", options.secret, "", "playhead playback link 1", 32));

  async function sign(mediaId: string, userId: string, expires: number): Promise<Buffer | undefined> {
    const token = await tokenSha256Of(userId);
    if (token === undefined) return undefined;
    return createHmac("sha256", key)
      .update(JSON.stringify([mediaId, userId, expires]))
      .update(token)
      .digest();
  }

  return {
    async issue(user, mediaId) {
      const expires = Math.floor((now() + lifetimeMs) / 1000);
      const signature = (await sign(mediaId, user.id, expires))?.toString("base64url");
      if (signature === undefined) throw new AppError("unauthorized");
      const link = { mediaId, userId: user.id, expires, signature, view: undefined, supported: undefined };
      return { url: addressOf(link), expiresAt: expires * 1000 };
    },

    async verify({ mediaId, userId, expires, signature }) {
      const given = Buffer.from(signature, "base64url");
      const right = await sign(mediaId, userId, expires);
      if (right === undefined || given.byteLength !== right.byteLength || !timingSafeEqual(given, right)) {
        throw new AppError("link_invalid");
      }
      // Only now: who can't sign learns nothing of when a link ends.
      if (expires * 1000 <= now()) throw new AppError("link_expired");
      const user = await userOfId(userId);
      if (user === undefined) throw new AppError("link_invalid");
      return user;
    },
  };
}
