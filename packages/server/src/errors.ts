/** Every error that a client can see: code → status and default message. One shape on the wire: `{"error":{"code","message"}}`. */
export const errorTable = {
  bad_request: [400, "The request is malformed."],
  invalid_json: [400, "The body is not valid JSON."],
  unauthorized: [
    401,
    "Sign in first: open the link that the server printed when it started, or send the admin token as a bearer token.",
  ],
  forbidden: [403, "You are not allowed to do this."],
  playback_off: [403, "Playback is turned off on this server (PLAYHEAD_PLAYBACK)."],
  link_invalid: [403, "This link is not valid here. Ask for a new one on the film's page."],
  not_found: [404, "There is nothing at this address."],
  media_not_found: [404, "No such media item. It may have been moved or deleted."],
  view_not_found: [404, "No such view."],
  alert_not_found: [404, "No such alert rule."],
  session_not_found: [404, "No such HLS session. Ask for playback again."],
  method_not_allowed: [405, "This method is not allowed here."],
  media_not_ready: [409, "The file is still being examined. Try again in a moment."],
  media_unplayable: [409, "This file can't be played."],
  not_needed: [409, "Nothing to prepare: the file plays as it is."],
  session_ended: [410, "This HLS session has ended. Ask for playback again."],
  cmcd_off: [410, "This server takes no CMCD reports (PLAYHEAD_CMCD): stop sending them."],
  link_expired: [410, "This link has expired. Ask for a new one on the film's page."],
  payload_too_large: [413, "The body is too large; at most 1 MiB is accepted."],
  unsupported_media_type: [415, "This content type is not accepted here."],
  range_not_satisfiable: [416, "The requested range lies outside the file."],
  invalid_event: [422, "No event of this batch is valid."],
  too_many_requests: [429, "Too many requests. Wait a moment."],
  internal: [500, "Something went wrong in the server. Its log has the details."],
  transcode_failed: [500, "ffmpeg could not convert this part of the file. The server's log has its last lines."],
  media_unreadable: [500, "The file can't be read. It may have been moved, deleted or damaged."],
  ffmpeg_missing: [
    503,
    "ffmpeg is not installed or does not start. Install it (Debian: apt-get install ffmpeg) or set PLAYHEAD_FFMPEG.",
  ],
  busy: [503, "The server is busy. Try again in a moment."],
  database_unavailable: [503, "The database can't be reached. Nothing was stored; send it again later."],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof errorTable;

export interface AppErrorOptions {
  /** Replaces the table's message where something more helpful is known. Seen by the client. */
  readonly message?: string;
  /** Goes to the log, never to the client. */
  readonly cause?: unknown;
  /** Seconds, for `Retry-After`. */
  readonly retryAfterS?: number;
}

/** An error with a place in the table; anything else that reaches the door becomes `internal`. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.message ?? errorTable[code][1], { cause: options.cause });
    this.code = code;
    this.status = errorTable[code][0];
    this.retryAfterS = options.retryAfterS;
  }
}
