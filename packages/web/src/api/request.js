import { navigate, place } from "../router/router.js";
/** An answer of the API that is no success, or none at all (`status` 0, code `unreachable`). */
export class ApiError extends Error {
  name = "ApiError";
  code;
  status;
  constructor(code, status, message) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
/**
 * One call of the API; `T` is the route's answer in `@playhead/protocol` (null where it answers 204). Throws
 * ApiError. A 401 leads to the page that explains how to sign in, and comes back here after it.
 */
export async function request(path, options = {}) {
  const response = await send(path, options);
  if (response.ok) return body(response);
  const error = errorOf(response.status, await body(response).catch(() => null));
  if (error.status === 401) toSignIn();
  throw error;
}
async function send(path, options) {
  const { method = "GET", signal, keepalive = false } = options;
  const headers = { accept: "application/json" };
  const init = { method, headers, keepalive, credentials: "same-origin" };
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
async function body(response) {
  const text = await response.text();
  return JSON.parse(text === "" ? "null" : text);
}
/** The server's own words where it sent its error shape; a plain sentence where something before it answered. */
function errorOf(status, reply) {
  if (isErrorReply(reply)) return new ApiError(reply.error.code, status, reply.error.message);
  return new ApiError("unexpected", status, `The server answered ${status}.`);
}
function isErrorReply(reply) {
  if (typeof reply !== "object" || reply === null || !("error" in reply)) return false;
  const { error } = reply;
  if (typeof error !== "object" || error === null || !("code" in error) || !("message" in error)) return false;
  return typeof error.code === "string" && typeof error.message === "string";
}
function toSignIn() {
  const { path, query } = place.peek();
  if (path === "/signed-out") return;
  navigate(`/signed-out?to=${encodeURIComponent(path + query)}`, { replace: true });
}
//# sourceMappingURL=request.js.map
