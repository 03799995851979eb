import { availableParallelism } from "node:os";
import path from "node:path";
import { type HardwareEncoder, hardwareEncoders } from "@playhead/hls";
import { parseDuration } from "./config-duration.js";
import { parseHeaders } from "./config-headers.js";
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
  readonly serverTelemetry: boolean;
  readonly otlpEndpoint: string | null;
  readonly otlpHeaders: Readonly<Record<string, string>> | null;
  readonly countryHeader: string | null;
  readonly linkLifetimeMs: number;
  readonly hlsIdleTimeoutMs: number;
  readonly playback: boolean;
  readonly cmcd: boolean;
  readonly cacheMaxBytes: number;
  readonly cacheFreeFloorBytes: number;
  readonly thumbnailsMaxBytes: number;
  readonly maxEncoders: number;
  readonly hardwareEncoder: HardwareChoice;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly logLevel: LogLevel;
}

export const hardwareChoices = ["auto", ...hardwareEncoders, "off"] as const;
/** `auto`: the first that works; a name: that one, if it works; `off`: none. */
export type HardwareChoice = "auto" | HardwareEncoder | "off";

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
  playback: setting({
    name: "PLAYHEAD_PLAYBACK",
    about: "Whether films are played: `off` still lists the library and takes telemetry.",
    fallback: "on",
    allowed: "on or off",
    parse: (value) => (value === "on" ? true : value === "off" ? false : undefined),
  }),
  cmcd: setting({
    name: "PLAYHEAD_CMCD",
    about:
      "Whether CMCD is recorded: reports that players send, and what they say on requests. `off` tells reporters to stop (410).",
    fallback: "on",
    allowed: "on or off",
    parse: (value) => (value === "on" ? true : value === "off" ? false : undefined),
  }),
  serverTelemetry: setting({
    name: "PLAYHEAD_SERVER_TELEMETRY",
    about:
      "Whether the server tells of its own work: its events in views, counters in `/metrics`, lines in the log, traces. `off` leaves `/metrics` with what it reads when asked.",
    fallback: "on",
    allowed: "on or off",
    parse: (value) => (value === "on" ? true : value === "off" ? false : undefined),
  }),
  otlpEndpoint: setting({
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    about:
      "OpenTelemetry receiver for traces, OTLP over HTTP as JSON: a trace for each play goes to `/v1/traces` below it. Unset: none are made.",
    fallback: null,
    allowed: "a URL such as http://localhost:4318",
    parse: (value) => (/^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined),
  }),
  otlpHeaders: setting({
    name: "OTEL_EXPORTER_OTLP_HEADERS",
    about: "Headers for that receiver, as OpenTelemetry writes them.",
    fallback: null,
    allowed: "name=value, separated by commas, values percent-encoded",
    secret: true,
    parse: parseHeaders,
  }),
  countryHeader: setting({
    name: "PLAYHEAD_COUNTRY_HEADER",
    about:
      "Header in which your proxy or CDN tells the viewer's country, such as `CF-IPCountry`. Views have a country then. Only behind a proxy that sets it or takes it away: else viewers choose theirs.",
    fallback: null,
    allowed: "the name of a header",
    parse: (value) => (/^[A-Za-z0-9-]{1,64}$/.test(value) ? value.toLowerCase() : undefined),
  }),
  linkLifetimeMs: setting({
    name: "PLAYHEAD_LINK_LIFETIME",
    about: "How long a playback link for a TV or another player is valid.",
    fallback: "24h",
    allowed: "a duration from 1m to 365d, such as 12h or 7d",
    parse: (value) => parseDuration(value, { minMs: 60_000, maxMs: 365 * 86_400_000 }),
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
  cacheFreeFloorBytes: setting({
    name: "PLAYHEAD_CACHE_FREE_FLOOR",
    about: "Bytes of the disk that the segment cache always leaves free.",
    fallback: "512MB",
    allowed: "a size from 0 to 1PB, such as 500MB or 20GB",
    parse: parseBytes,
  }),
  thumbnailsMaxBytes: setting({
    name: "PLAYHEAD_THUMBNAILS_MAX",
    about: "Most bytes of pictures for the seek bar to keep on disk, some 2 MB a film; `0` makes none.",
    fallback: "2GB",
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
  hardwareEncoder: setting<HardwareChoice>({
    name: "PLAYHEAD_HARDWARE_ENCODER",
    about:
      "Whether the graphics chip encodes: `auto` takes the first encoder that passes a trial at the start, a name only that one, `off` none. Software does what no hardware does.",
    fallback: "auto",
    allowed: hardwareChoices.join(", "),
    parse: (value) => hardwareChoices.find((choice) => choice === value),
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
    serverTelemetry: required(settings.serverTelemetry, env),
    otlpEndpoint: optional(settings.otlpEndpoint, env),
    otlpHeaders: optional(settings.otlpHeaders, env),
    countryHeader: optional(settings.countryHeader, env),
    linkLifetimeMs: required(settings.linkLifetimeMs, env),
    hlsIdleTimeoutMs: required(settings.hlsIdleTimeoutMs, env),
    playback: required(settings.playback, env),
    cmcd: required(settings.cmcd, env),
    cacheMaxBytes: required(settings.cacheMaxBytes, env),
    cacheFreeFloorBytes: required(settings.cacheFreeFloorBytes, env),
    thumbnailsMaxBytes: required(settings.thumbnailsMaxBytes, env),
    maxEncoders: required(settings.maxEncoders, env),
    hardwareEncoder: required(settings.hardwareEncoder, env),
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
