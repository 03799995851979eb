import type { User, UserStore } from "@playhead/store";
import { LRUCache } from "lru-cache";
import type { Secrets } from "./secrets.js";
import { newToken, sameSecret, sha256 } from "./tokens.js";

/** Who is who: users by token and by id, and the ingest key. */
export interface Auth {
  readonly cookieSecret: string;
  readonly ingestKey: string;
  readonly adminToken: string;
  /** The user of a token, whoever holds it; undefined when there is none. */
  userOfToken(token: string): Promise<User | undefined>;
  userOfId(id: string): Promise<User | undefined>;
  isIngestKey(key: string): boolean;
  /** Makes a user, or gives the one of that name a new token; the token is told once, here. */
  putUser(name: string): Promise<{ readonly user: User; readonly token: string }>;
  users(): Promise<readonly User[]>;
}

const ADMIN = "admin";

/** Makes sure that the administrator exists and holds the admin token. */
export async function createAuth(users: UserStore, secrets: Secrets): Promise<Auth> {
  const adminSha = sha256(secrets.adminToken);
  await users.put({ name: ADMIN, admin: true, tokenSha256: adminSha });
  // Each request asks who it is from; a minute's memory spares the database that question.
  const byId = new LRUCache<string, User>({ max: 1_000, ttl: 60_000 });

  return {
    cookieSecret: secrets.cookieSecret,
    ingestKey: secrets.ingestKey,
    adminToken: secrets.adminToken,
    userOfToken: (token) => users.byTokenSha256(sha256(token)),
    async userOfId(id) {
      const known = byId.get(id);
      if (known) return known;
      const user = await users.byId(id);
      if (user) byId.set(id, user);
      return user;
    },
    isIngestKey: (key) => sameSecret(key, secrets.ingestKey),
    async putUser(name) {
      const token = newToken();
      const user = await users.put({ name, admin: false, tokenSha256: sha256(token) });
      return { user, token };
    },
    users: () => users.all(),
  };
}
