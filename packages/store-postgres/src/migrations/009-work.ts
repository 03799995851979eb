import type { Migration } from "./migration.js";

/**
 * Sums by slot of time and key: few rows, each touched every few seconds while its slot lasts. Bins are arrays of one fixed
 * length, read by place. `work_writers` knows the last batch of each server, so that one sent twice is added once.
 */
export const work: Migration = {
  name: "work of the server",
  sql: `
CREATE TABLE encoder_work (
  app_id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  codec TEXT COLLATE "C" NOT NULL,
  container TEXT COLLATE "C" NOT NULL,
  encoder TEXT COLLATE "C" NOT NULL,
  starts BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  waits BIGINT NOT NULL,
  waited_ms BIGINT NOT NULL,
  first_segments BIGINT NOT NULL,
  output_ms BIGINT NOT NULL,
  first_segment_ms BIGINT NOT NULL,
  segments BIGINT NOT NULL,
  media_ms BIGINT NOT NULL,
  took_ms BIGINT NOT NULL,
  first_segment_bins INT[] NOT NULL CHECK (cardinality(first_segment_bins) = 42),
  speed_bins INT[] NOT NULL CHECK (cardinality(speed_bins) = 34),
  PRIMARY KEY (app_id, at, kind, codec, container, encoder)
) WITH (fillfactor = 70);

CREATE TABLE session_work (
  app_id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  delivery TEXT COLLATE "C" NOT NULL,
  starts BIGINT NOT NULL,
  preloads BIGINT NOT NULL,
  start_ms BIGINT NOT NULL,
  idle BIGINT NOT NULL,
  client BIGINT NOT NULL,
  shutdown BIGINT NOT NULL,
  unused BIGINT NOT NULL,
  PRIMARY KEY (app_id, at, delivery)
) WITH (fillfactor = 70);

CREATE TABLE work_writers (
  writer TEXT COLLATE "C" PRIMARY KEY,
  seq BIGINT NOT NULL,
  added_at TIMESTAMPTZ NOT NULL
);
`,
};
