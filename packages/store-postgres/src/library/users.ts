import type { User, UserStore } from "@playhead/store";
import type { Database } from "../connection/database.js";
import { storable } from "../connection/storable.js";

interface UserRow extends User, Record<string, unknown> {}

export class PostgresUserStore implements UserStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(user: { readonly name: string; readonly admin: boolean; readonly tokenSha256: Uint8Array }): Promise<User> {
    const rows = await this.#database.query<UserRow>(
      `INSERT INTO users (name, admin, token_sha256) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET admin = EXCLUDED.admin, token_sha256 = EXCLUDED.token_sha256
       RETURNING id, name, admin`,
      [user.name, user.admin, Buffer.from(user.tokenSha256)],
    );
    const stored = rows[0];
    if (stored === undefined) throw new Error("An upsert returned no row.");
    return stored;
  }

  byTokenSha256(tokenSha256: Uint8Array): Promise<User | undefined> {
    return this.#one("token_sha256 = $1", Buffer.from(tokenSha256));
  }

  async byId(id: string): Promise<User | undefined> {
    return storable(id) ? this.#one("id = $1", id) : undefined;
  }

  async tokenSha256Of(id: string): Promise<Uint8Array | undefined> {
    if (!storable(id)) return undefined;
    const rows = await this.#database.query<{ token_sha256: Buffer }>("SELECT token_sha256 FROM users WHERE id = $1", [
      id,
    ]);
    return rows[0] && new Uint8Array(rows[0].token_sha256);
  }

  async all(): Promise<readonly User[]> {
    return this.#database.query<UserRow>("SELECT id, name, admin FROM users ORDER BY name");
  }

  async #one(condition: string, value: unknown): Promise<User | undefined> {
    const rows = await this.#database.query<UserRow>(`SELECT id, name, admin FROM users WHERE ${condition}`, [value]);
    return rows[0];
  }
}
