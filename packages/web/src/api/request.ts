import type { ErrorReply } from "@playhead/protocol";
import { navigate, place } from "../router/router.js";

/** An answer of the API that is no success, or none at all (`status` 0, code `unreachable`). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page: what is sent on leaving. */
  readonly keepalive?: boolean;
}

/**
 * One call of the API; `T` is the route's answer in `@playhead/protocol` (null where it answers 204). Throws
 * ApiError. A 401 leads to the page that explains how to sign in, and comes back here after it.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.ok) return body<T>(response);
  const error = errorOf(response.status, await body<unknown>(response).catch(() => null));
  if (error.status === 401) toSignIn();
  throw error;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const { method = "GET", signal, keepalive = false } = options;
  const headers: HeadersInit = { accept: "application/json" };
  const init: RequestInit = { method, headers, keepalive, credentials: "same-origin" };
  if (signal) init.signal = signal;
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError("unreachable", 0, "The server can't be reached. Is it running, and is this device online?");
  }
}

/** The boundary: what the server sends is what the protocol says. Nothing at all reads as null. */
async function body<T>(response: Response): Promise<T> {
  const text = await response.text();
  return JSON.parse(text === "" ? "null" : text);
}

/** The server's own words where it sent its error shape; a plain sentence where something before it answered. */
function errorOf(status: number, reply: unknown): ApiError {
  if (isErrorReply(reply)) return new ApiError(reply.error.code, status, reply.error.message);
  return new ApiError("unexpected", status, `The server answered ${status}.`);
}

function isErrorReply(reply: unknown): reply is ErrorReply {
  if (typeof reply !== "object" || reply === null || !("error" in reply)) return false;
  const { error } = reply;
  if (typeof error !== "object" || error === null || !("code" in error) || !("message" in error)) return false;
  return typeof error.code === "string" && typeof error.message === "string";
}

function toSignIn(): void {
  const { path, query } = place.peek();
  if (path === "/signed-out") return;
  navigate(`/signed-out?to=${encodeURIComponent(path + query)}`, { replace: true });
}
