import { availableParallelism } from "node:os";
import path from "node:path";
import { parseDuration } from "./config-duration.js";
import { parseBytes } from "./config-size.js";

/**
 * Every setting, parsed once at start. Nothing else in the server reads the environment.
 * The list below is the documentation too: `docs/configuration.md` is made from it.
 */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly mediaDir: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly adminToken: string | null;
  readonly ingestKey: string | null;
  readonly hlsIdleTimeoutMs: number;
  readonly cacheMaxBytes: number;
  readonly maxEncoders: number;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly logLevel: LogLevel;
}

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

interface Setting<T> {
  readonly name: string;
  /** What the setting does, for the documentation. */
  readonly about: string;
  /** The default as one would write it; null when unset is a meaning of its own. */
  readonly fallback: string | null;
  /** What is allowed, for the message that refuses a wrong value. */
  readonly allowed: string;
  /** A secret's value is never repeated in a message. */
  readonly secret?: boolean;
  /** @returns undefined when the value is not allowed. */
  readonly parse: (value: string) => T | undefined;
}

const setting = <T>(s: Setting<T>) => s;

const folder = (value: string) => path.resolve(value);
const nonEmpty = (value: string) => (value.trim() === "" ? undefined : value);
const secret = (value: string) => (value.length >= 8 && !/\s/.test(value) ? value : undefined);

function wholeNumber(min: number, max: number) {
  return (value: string) => {
    if (!/^\d{1,9}$/.test(value)) return undefined;
    const n = Number(value);
    return n >= min && n <= max ? n : undefined;
  };
}

export const settings = {
  host: setting({
    name: "HOST",
    about: "Address to listen on. `0.0.0.0` opens the service to the network; put TLS in front of it then.",
    fallback: "127.0.0.1",
    allowed: "a host name or an IP address",
    parse: (value) => (/^[A-Za-z0-9.:_-]+$/.test(value) ? value : undefined),
  }),
  port: setting({
    name: "PORT",
    about: "Port to listen on; `0` picks a free one.",
    fallback: "8484",
    allowed: "a whole number from 0 to 65535",
    parse: wholeNumber(0, 65_535),
  }),
  mediaDir: setting({
    name: "PLAYHEAD_MEDIA_DIR",
    about: "Folder of your films and series. It is only read; an empty one gets a short demo film.",
    fallback: "./media",
    allowed: "a folder",
    parse: (value) => (nonEmpty(value) === undefined ? undefined : folder(value)),
  }),
  dataDir: setting({
    name: "PLAYHEAD_DATA_DIR",
    about: "Folder for the database, the segment cache, posters and keys.",
    fallback: "./data",
    allowed: "a folder that can be written",
    parse: (value) => (nonEmpty(value) === undefined ? undefined : folder(value)),
  }),
  databaseUrl: setting({
    name: "DATABASE_URL",
    about: "PostgreSQL 15 or newer to use instead of the embedded one.",
    fallback: null,
    allowed: "a URL such as postgres://user:password@host:5432/database",
    parse: (value) => (/^postgres(ql)?:\/\/\S+$/.test(value) ? value : undefined),
  }),
  adminToken: setting({
    name: "PLAYHEAD_ADMIN_TOKEN",
    about: "Token that signs the administrator in. Unset: made once and kept in the data folder.",
    fallback: null,
    allowed: "at least 8 characters without white space",
    secret: true,
    parse: secret,
  }),
  ingestKey: setting({
    name: "PLAYHEAD_INGEST_KEY",
    about: "Key that lets a player send telemetry. Unset: made once and kept in the data folder.",
    fallback: null,
    allowed: "at least 8 characters without white space",
    secret: true,
    parse: secret,
  }),
  hlsIdleTimeoutMs: setting({
    name: "PLAYHEAD_HLS_IDLE_TIMEOUT",
    about: "How long an HLS session without a request or heartbeat is kept.",
    fallback: "2m",
    allowed: "a duration from 1s to 24h, such as 90s, 2m or 1h",
    parse: (value) => parseDuration(value, { minMs: 1_000, maxMs: 86_400_000 }),
  }),
  cacheMaxBytes: setting({
    name: "PLAYHEAD_CACHE_MAX",
    about: "Most bytes of transcoded segments to keep on disk.",
    fallback: "20GB",
    allowed: "a size from 0 to 1PB, such as 500MB or 20GB",
    parse: parseBytes,
  }),
  maxEncoders: setting({
    name: "PLAYHEAD_MAX_ENCODERS",
    about: "Most video encoders that run at once. Unset: the number of processor cores.",
    fallback: String(availableParallelism()),
    allowed: "a whole number from 1 to 256",
    parse: wholeNumber(1, 256),
  }),
  ffmpeg: setting({
    name: "PLAYHEAD_FFMPEG",
    about: "The ffmpeg to run.",
    fallback: "ffmpeg",
    allowed: "a command name or a path",
    parse: nonEmpty,
  }),
  ffprobe: setting({
    name: "PLAYHEAD_FFPROBE",
    about: "The ffprobe to run.",
    fallback: "ffprobe",
    allowed: "a command name or a path",
    parse: nonEmpty,
  }),
  logLevel: setting<LogLevel>({
    name: "PLAYHEAD_LOG_LEVEL",
    about: "How much to log.",
    fallback: "info",
    allowed: logLevels.join(", "),
    parse: (value) => logLevels.find((level) => level === value),
  }),
} as const;

/** One wrong setting: its name, its value, and what is allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(name: string, value: string, allowed: string) {
    super(`${name} is "${value}", but must be ${allowed}.`);
  }
}

/**
 * Reads the settings from an environment. An empty variable counts as unset.
 * @throws {ConfigError} for the first wrong value.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return {
    host: required(settings.host, env),
    port: required(settings.port, env),
    mediaDir: required(settings.mediaDir, env),
    dataDir: required(settings.dataDir, env),
    databaseUrl: optional(settings.databaseUrl, env),
    adminToken: optional(settings.adminToken, env),
    ingestKey: optional(settings.ingestKey, env),
    hlsIdleTimeoutMs: required(settings.hlsIdleTimeoutMs, env),
    cacheMaxBytes: required(settings.cacheMaxBytes, env),
    maxEncoders: required(settings.maxEncoders, env),
    ffmpeg: required(settings.ffmpeg, env),
    ffprobe: required(settings.ffprobe, env),
    logLevel: required(settings.logLevel, env),
  };
}

function optional<T>(s: Setting<T>, env: Readonly<Record<string, string | undefined>>): T | null {
  const value = env[s.name] || s.fallback;
  if (value === null) return null;
  const parsed = s.parse(value);
  if (parsed === undefined) throw new ConfigError(s.name, s.secret ? "…" : value, s.allowed);
  return parsed;
}

function required<T>(s: Setting<T>, env: Readonly<Record<string, string | undefined>>): T {
  const value = optional(s, env);
  if (value === null) throw new ConfigError(s.name, "", s.allowed);
  return value;
}
