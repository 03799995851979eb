import type { Migration } from "./migration.js";

/** `probe` is JSON and not JSONB: it is the library's own, is never searched here, and comes back as it went in. */
export const library: Migration = {
  name: "library",
  sql: `
CREATE TABLE media (
  id TEXT COLLATE "C" PRIMARY KEY,
  path TEXT COLLATE "C" NOT NULL UNIQUE,
  size_bytes BIGINT NOT NULL,
  mtime_ms DOUBLE PRECISION NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'ready', 'error')),
  error TEXT,
  duration_ms DOUBLE PRECISION,
  probe JSON,
  added_at BIGINT NOT NULL
);

CREATE TABLE users (
  id TEXT COLLATE "C" PRIMARY KEY DEFAULT gen_random_uuid()::text,
  name TEXT COLLATE "C" NOT NULL UNIQUE,
  admin BOOLEAN NOT NULL,
  token_sha256 BYTEA NOT NULL UNIQUE,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- Of a user and a file, not of a row of media: a folder that is away for an hour costs nobody their place.
CREATE TABLE progress (
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
  media_id TEXT COLLATE "C" NOT NULL,
  position_ms BIGINT NOT NULL,
  duration_ms BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, media_id)
);
`,
};
