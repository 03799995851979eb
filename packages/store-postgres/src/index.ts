/**
 * The store in PostgreSQL: the embedded one or yours, by the same code.
 *
 * - `embedded/` runs the server that comes with npm: who runs it (account), where its programs and data lie (binaries,
 *   places), making (initialize), starting and stopping it (postmaster), and sharing it between programs (cluster).
 * - `connection/` is the pools, and what the driver's errors mean to the ports.
 * - `migrations/` is the schema, step by step.
 * - `events/` is the log: fields → columns (fields, row), rows → COPY (binary-copy), months (partitions).
 * - `views/` is the folded views: lending due ones (due), their row (columns), questions (selection, totals, cursor).
 * - `library/` is media, users and resume points.
 * - `alerts/` is alert rules and their messages, shared by leases.
 * - `work/` is what servers did, added up by time: its columns (columns), adding, reading and thinning (work).
 */
export { EmbeddedPostgresError } from "./embedded/failure.js";
export { IncompatibleDatabaseError } from "./migrations/migrate.js";
export { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./open-postgres-store.js";
