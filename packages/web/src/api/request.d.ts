/** An answer of the API that is no success, or none at all (`status` 0, code `unreachable`). */
export declare class ApiError extends Error {
  readonly name = "ApiError";
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string);
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
export declare function request<T>(path: string, options?: RequestOptions): Promise<T>;
//# sourceMappingURL=request.d.ts.map
