import { type Logger, pino } from "pino";
import { build as pretty } from "pino-pretty";
import type { LogLevel } from "./config.js";

/** JSON lines on stdout; on a terminal, lines for people. */
export function createLog(level: LogLevel): Logger {
  const options = { level, base: null };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, pretty({ colorize: true, translateTime: "HH:MM:ss", singleLine: true, sync: true }));
}
