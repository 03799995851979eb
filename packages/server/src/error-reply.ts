import { InvalidCursorError, StoreUnavailableError } from "@playhead/store";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { AppError, type ErrorCode } from "./errors.js";

/** Fastify's own refusals, in our table's words. */
const fastifyCodes = new Map<string, ErrorCode>([
  ["FST_ERR_CTP_BODY_TOO_LARGE", "payload_too_large"],
  ["FST_ERR_CTP_INVALID_MEDIA_TYPE", "unsupported_media_type"],
  ["FST_ERR_CTP_INVALID_JSON_BODY", "invalid_json"],
  ["FST_ERR_CTP_EMPTY_JSON_BODY", "invalid_json"],
  ["FST_ERR_CTP_INVALID_CONTENT_LENGTH", "bad_request"],
  ["FST_ERR_BAD_URL", "bad_request"],
  ["FST_ERR_VALIDATION", "bad_request"],
]);

/** Turns whatever was thrown into an error of the table. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof StoreUnavailableError) {
    return new AppError("database_unavailable", { cause: error, retryAfterS: 5 });
  }
  if (error instanceof InvalidCursorError) {
    return new AppError("bad_request", {
      message: "This cursor is not one of ours: start again without it.",
      cause: error,
    });
  }
  if (isFastifyError(error)) {
    const code = fastifyCodes.get(error.code);
    if (code === "bad_request") return new AppError(code, { message: error.message, cause: error });
    if (code) return new AppError(code, { cause: error });
  }
  if (isRefusal(error)) return new AppError(error.statusCode === 404 ? "not_found" : "bad_request", { cause: error });
  if (error instanceof SyntaxError) return new AppError("invalid_json", { cause: error });
  return new AppError("internal", { cause: error });
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && "code" in error && typeof error.code === "string";

/** What a plugin refuses, with the status that it would answer: the client's doing, not ours. */
const isRefusal = (error: unknown): error is Error & { statusCode: number } =>
  error instanceof Error &&
  "statusCode" in error &&
  typeof error.statusCode === "number" &&
  error.statusCode >= 400 &&
  error.statusCode < 500;

/** The one shape of every error on the wire; its cause goes to the log. */
export function replyWithError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toAppError(thrown);
  const about = { err: error.cause ?? error, code: error.code, method: request.method, path: pathOf(request) };
  if (error.status >= 500) request.log.error(about, error.message);
  else request.log.debug(about, error.message);
  if (error.retryAfterS !== undefined) void reply.header("retry-after", String(error.retryAfterS));
  if (error.status === 401) void reply.header("www-authenticate", "Bearer");
  return reply
    .code(error.status)
    .header("cache-control", "no-store")
    .type("application/json; charset=utf-8")
    .send(JSON.stringify({ error: { code: error.code, message: error.message } }));
}

/** The address without its query, which may hold a key. */
export const pathOf = (request: FastifyRequest): string => request.url.split("?", 1)[0] ?? request.url;
