/** One file of the library. `probe` and `keyframes` are the library's own JSON; the store keeps them as they are. */
export interface MediaRecord {
  readonly id: string;
  /** Relative to the media folder, forward slashes. Unique. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly title: string;
  readonly status: "pending" | "ready" | "error";
  readonly error: string | null;
  readonly durationMs: number | null;
  readonly probe: unknown;
  readonly addedAt: number;
}

export interface MediaStore {
  all(): Promise<readonly MediaRecord[]>;
  put(record: MediaRecord): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly admin: boolean;
}

/** Users. A token is kept as its SHA-256 only. */
export interface UserStore {
  /** Creates the user, or gives the one with that name a new token. */
  put(user: { readonly name: string; readonly admin: boolean; readonly tokenSha256: Uint8Array }): Promise<User>;
  byTokenSha256(tokenSha256: Uint8Array): Promise<User | undefined>;
  byId(id: string): Promise<User | undefined>;
  /** What the user's token hashes to; it changes with each new token. */
  tokenSha256Of(id: string): Promise<Uint8Array | undefined>;
  all(): Promise<readonly User[]>;
}

export interface ProgressRecord {
  readonly positionMs: number;
  readonly durationMs: number | null;
  readonly updatedAt: number;
}

export interface ProgressStore {
  get(userId: string, mediaId: string): Promise<ProgressRecord | undefined>;
  all(userId: string): Promise<ReadonlyMap<string, ProgressRecord>>;
  put(userId: string, mediaId: string, progress: ProgressRecord): Promise<void>;
}
