import type { User, UserStore } from "@playhead/store";
import { LRUCache } from "lru-cache";
import { createPlaybackLinks, type PlaybackLinks } from "./playback-links.js";
import type { Secrets } from "./secrets.js";
import { newToken, sameSecret, sha256 } from "./tokens.js";

/** Who is who: users by token and by id, the ingest key, and links that play one item. */
export interface Auth {
  readonly cookieSecret: string;
  readonly ingestKey: string;
  readonly adminToken: string;
  /** The user of a token, whoever holds it; undefined when there is none. */
  userOfToken(token: string): Promise<User | undefined>;
  userOfId(id: string): Promise<User | undefined>;
  isIngestKey(key: string): boolean;
  readonly links: PlaybackLinks;
  /** Makes a user, or gives the one of that name a new token; the token is told once, here. */
  putUser(name: string): Promise<{ readonly user: User; readonly token: string }>;
  users(): Promise<readonly User[]>;
}

const ADMIN = "admin";

export interface AuthOptions {
  readonly linkLifetimeMs: number;
  /** Unix ms. */
  readonly now?: () => number;
}

/** Makes sure that the administrator exists and holds the admin token. */
export async function createAuth(users: UserStore, secrets: Secrets, options: AuthOptions): Promise<Auth> {
  const adminSha = sha256(secrets.adminToken);
  await users.put({ name: ADMIN, admin: true, tokenSha256: adminSha });
  // Each request asks who it is from; a minute's memory spares the database that question.
  const byId = new LRUCache<string, User>({ max: 1_000, ttl: 60_000 });
  const tokens = new LRUCache<string, Uint8Array>({ max: 1_000, ttl: 60_000 });

  async function userOfId(id: string): Promise<User | undefined> {
    const known = byId.get(id);
    if (known) return known;
    const user = await users.byId(id);
    if (user) byId.set(id, user);
    return user;
  }

  return {
    cookieSecret: secrets.cookieSecret,
    ingestKey: secrets.ingestKey,
    adminToken: secrets.adminToken,
    userOfToken: (token) => users.byTokenSha256(sha256(token)),
    userOfId,
    links: createPlaybackLinks({
      secret: secrets.cookieSecret,
      lifetimeMs: options.linkLifetimeMs,
      now: options.now ?? Date.now,
      userOfId,
      async tokenSha256Of(id) {
        const known = tokens.get(id);
        if (known) return known;
        const token = await users.tokenSha256Of(id);
        if (token) tokens.set(id, token);
        return token;
      },
    }),
    isIngestKey: (key) => sameSecret(key, secrets.ingestKey),
    async putUser(name) {
      const token = newToken();
      const user = await users.put({ name, admin: false, tokenSha256: sha256(token) });
      tokens.delete(user.id);
      return { user, token };
    },
    users: () => users.all(),
  };
}
