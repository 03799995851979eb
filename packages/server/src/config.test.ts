import { expect, it } from "vitest";
import { ConfigError, parseConfig } from "./config.js";
import { parseDuration } from "./config-duration.js";
import { parseHeaders } from "./config-headers.js";
import { parseBytes } from "./config-size.js";

it("takes the documented defaults from an empty environment", () => {
  expect(parseConfig({})).toMatchObject({
    host: "127.0.0.1",
    port: 8484,
    databaseUrl: null,
    hlsIdleTimeoutMs: 120_000,
    cacheMaxBytes: 20e9,
    logLevel: "info",
  });
});

it("treats an empty variable as unset", () => {
  expect(parseConfig({ PORT: "", DATABASE_URL: "" })).toMatchObject({ port: 8484, databaseUrl: null });
});

it.each([
  ["PORT", "70000", "0 to 65535"],
  ["PORT", "eighty", "0 to 65535"],
  ["PLAYHEAD_HLS_IDLE_TIMEOUT", "2 fortnights", "1s to 24h"],
  ["PLAYHEAD_CACHE_MAX", "-1", "0 to 1PB"],
  ["PLAYHEAD_MAX_ENCODERS", "0", "1 to 256"],
  ["PLAYHEAD_LOG_LEVEL", "loud", "fatal, error"],
  ["DATABASE_URL", "mysql://x", "postgres://"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", "http://localhost:4318"],
  ["PLAYHEAD_COUNTRY_HEADER", "cf ipcountry", "the name of a header"],
])("refuses %s=%s with its name, its value and what is allowed", (name, value, allowed) => {
  const parse = () => parseConfig({ [name]: value });
  expect(parse).toThrow(ConfigError);
  expect(parse).toThrow(name);
  expect(parse).toThrow(value);
  expect(parse).toThrow(allowed);
});

it("never repeats a secret in its message", () => {
  expect(() => parseConfig({ PLAYHEAD_ADMIN_TOKEN: "hunter2" })).toThrow(/^(?!.*hunter2).*PLAYHEAD_ADMIN_TOKEN/);
});

it.each([
  ["90s", 90_000],
  ["2m", 120_000],
  ["1.5h", 5_400_000],
  ["250ms", undefined],
  ["2", undefined],
  ["2d", undefined],
])("reads the duration %s", (value, ms) => {
  expect(parseDuration(value, { minMs: 1_000, maxMs: 86_400_000 })).toBe(ms);
});

it.each([
  ["0", 0],
  ["500MB", 5e8],
  ["20GB", 20e9],
  ["1.5 GiB", 1_610_612_736],
  ["2PB", undefined],
  ["1e9", undefined],
])("reads the size %s", (value, bytes) => {
  expect(parseBytes(value)).toBe(bytes);
});

it.each([
  ["api-key=s3cret", { "api-key": "s3cret" }],
  ["a=1, authorization=Basic%20eDp5", { a: "1", authorization: "Basic eDp5" }],
  ["api-key", undefined],
  ["a=1,,b=2", undefined],
  ["a=%zz", undefined],
])("reads the headers %s", (value, headers) => {
  expect(parseHeaders(value)).toEqual(headers);
});
