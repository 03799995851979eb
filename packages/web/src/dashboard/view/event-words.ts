import { timecode } from "../../design/timecode.js";
import { sizeName } from "../../item/names.js";
import { bitrate, counted, milliseconds, say } from "../quantity.js";
import { flagOf, numberOf, textOf, type ViewEvent } from "./view-event.js";

/** An event in plain words: what happened, and what matters about it. */
export interface EventWords {
  readonly name: string;
  readonly detail: string;
}

const reasons: Readonly<Record<string, string>> = {
  abr: "by the measured bandwidth",
  manual: "by the viewer",
  buffer: "by the buffer",
  initial: "to start with",
};

const ends: Readonly<Record<string, string>> = {
  ended: "the film was over",
  left: "the viewer left",
  error: "it had failed",
  replaced: "another film took its place",
};

export function eventWords(event: ViewEvent): EventWords {
  const words = writers[event.type];
  return words ? words(event) : { name: event.type, detail: "" };
}

type Writer = (event: ViewEvent) => EventWords;

const writers: Readonly<Record<string, Writer>> = {
  load: (event) => ({ name: "Source loaded", detail: pathOf(textOf(event, "url")) }),
  play_request: (event) => ({ name: "Asked to play", detail: flagOf(event, "autoplay") ? "by the page itself" : "" }),
  first_frame: (event) => ({
    name: "First frame",
    detail: list(time(event, "startupMs", "after the intent"), rate(event, "bitrateBps"), picture(event)),
  }),
  play: (event) => ({ name: "Play", detail: sampleOf(event) }),
  pause: (event) => ({ name: "Pause", detail: sampleOf(event) }),
  seek_start: (event) => ({ name: "Seek", detail: `${code(event, "fromMs")} → ${code(event, "toMs")}` }),
  seek_end: (event) => ({
    name: "Seek done",
    detail: list(time(event, "durationMs", "later"), `at ${code(event, "toMs")}`),
  }),
  rebuffer_start: (event) => ({ name: "Stalled", detail: sampleOf(event) }),
  rebuffer_end: (event) => ({ name: "Plays on", detail: list(time(event, "durationMs", "later"), sampleOf(event)) }),
  quality_change: quality,
  state_change: (event) => ({
    name: "State",
    detail: [textOf(event, "from"), textOf(event, "to")].filter((state) => state !== undefined).join(" → "),
  }),
  heartbeat: (event) => ({ name: "Heartbeat", detail: sampleOf(event) }),
  request,
  error: (event) => ({
    name: flagOf(event, "fatal") ? "Fatal error" : "Error",
    detail: list(textOf(event, "code"), textOf(event, "message"), textOf(event, "category"), status(event)),
  }),
  end: (event) => ({ name: "End", detail: ends[textOf(event, "reason") ?? ""] ?? textOf(event, "reason") ?? "" }),
  custom: (event) => ({ name: textOf(event, "name") ?? "Custom", detail: dataOf(event) }),
  hls_session_start: (event) => ({
    name: "HLS session opened",
    detail: list(textOf(event, "delivery"), flagOf(event, "preload") ? "made ready ahead" : undefined, took(event)),
  }),
  hls_session_end: (event) => ({
    name: "HLS session ended",
    detail: list(sessionEnds[textOf(event, "reason") ?? ""] ?? textOf(event, "reason"), segments(event), size(event)),
  }),
  ffmpeg_start: (event) => ({
    name: "Encoder started",
    detail: list(textOf(event, "encoder") ?? textOf(event, "soundEncoder"), rendition(event), queued(event)),
  }),
  first_segment: (event) => ({ name: "Encoder's first segment", detail: list(rendition(event), took(event)) }),
  segment: (event) => ({
    name: `${outcomes[textOf(event, "outcome") ?? ""] ?? "Sent"} ${sentPiece(event)}`,
    detail: list(
      textOf(event, "code"),
      size(event),
      took(event),
      flagOf(event, "cached") ? "from the cache" : undefined,
      waited(event),
    ),
  }),
  transcode_error: (event) => ({
    name: "Encoder failed",
    detail: list(textOf(event, "code"), textOf(event, "message")),
  }),
};

function request(event: ViewEvent): EventWords {
  const kinds: Readonly<Record<string, string>> = { playlist: "Playlist", init: "Header", key: "Key", file: "File" };
  const kind = textOf(event, "kind") ?? "";
  const name = kind === "segment" ? `Got ${piece(event)}` : (kinds[kind] ?? "Request");
  const retries = numberOf(event, "retries") ?? 0;
  const received = numberOf(event, "durationMs") ?? numberOf(event, "ttfbMs");
  return {
    name,
    detail: list(
      size(event),
      received === undefined ? undefined : `in ${say(milliseconds(received))}`,
      waited(event),
      status(event),
      retries > 0 ? `tried ${retries + 1} times` : undefined,
      kind === "segment" ? undefined : pathOf(textOf(event, "url")),
    ),
  };
}

function quality(event: ViewEvent): EventWords {
  const height = numberOf(event, "toHeight");
  const before = numberOf(event, "fromBitrateBps");
  const reason = textOf(event, "reason");
  return {
    name: "Quality",
    detail: list(
      height === undefined ? undefined : `${numberOf(event, "toWidth") ?? "?"} × ${height}`,
      rate(event, "toBitrateBps"),
      before ? `before ${say(bitrate(before))}` : undefined,
      reason === undefined ? undefined : `chosen ${reasons[reason] ?? `by ${reason}`}`,
    ),
  };
}

/** How the player was doing at that moment. */
function sampleOf(event: ViewEvent): string {
  const buffer = numberOf(event, "bufferMs");
  const fps = numberOf(event, "fps");
  const dropped = numberOf(event, "droppedFrames") ?? 0;
  return list(
    buffer === undefined ? undefined : `${say(milliseconds(buffer))} buffered`,
    rate(event, "bitrateBps"),
    fps === undefined ? undefined : `${fps.toFixed(1)}\u00a0fps`,
    dropped > 0 ? `${counted(dropped, "frame")} dropped so far` : undefined,
  );
}

/** How the server says that a session ended. */
const sessionEnds: Readonly<Record<string, string>> = {
  idle: "nothing was heard of it",
  client: "the player ended it",
  shutdown: "the server stopped",
  unused: "nobody played it",
};

/** What became of a segment that was not sent. */
const outcomes: Readonly<Record<string, string>> = { error: "Could not send", client_left: "Nobody waited for" };

/** The server's own requests without a number are for init segments. */
function sentPiece(event: ViewEvent): string {
  if (numberOf(event, "segment") !== undefined) return piece(event);
  return ["the header", rendition(event)].filter(Boolean).join(" of ");
}

function segments(event: ViewEvent): string | undefined {
  const count = numberOf(event, "segments");
  return count === undefined ? undefined : `${count} ${count === 1 ? "segment" : "segments"} sent`;
}

function queued(event: ViewEvent): string | undefined {
  const ms = numberOf(event, "durationMs") ?? 0;
  return ms > 0 ? `after waiting ${say(milliseconds(ms))} for others` : undefined;
}

function list(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

function time(event: ViewEvent, field: string, after: string): string | undefined {
  const ms = numberOf(event, field);
  return ms === undefined ? undefined : `${say(milliseconds(ms))} ${after}`;
}

function took(event: ViewEvent): string | undefined {
  const ms = numberOf(event, "durationMs");
  return ms === undefined ? undefined : `took ${say(milliseconds(ms))}`;
}

function waited(event: ViewEvent): string | undefined {
  const ms = numberOf(event, "waitMs") ?? 0;
  return ms > 0 ? `${say(milliseconds(ms))} of it waiting for the server` : undefined;
}

function rate(event: ViewEvent, field: string): string | undefined {
  const bps = numberOf(event, field);
  return bps ? say(bitrate(bps)) : undefined;
}

function picture(event: ViewEvent): string | undefined {
  const height = numberOf(event, "height");
  return height ? `${numberOf(event, "width") ?? "?"} × ${height}` : undefined;
}

function size(event: ViewEvent): string | undefined {
  const bytes = numberOf(event, "bytes");
  return bytes === undefined ? undefined : sizeName(bytes).replace(" ", "\u00a0");
}

function status(event: ViewEvent): string | undefined {
  const code = numberOf(event, "status");
  if (code === undefined || (code >= 200 && code < 300)) return undefined;
  return code === 0 ? "no answer" : `HTTP ${code}`;
}

function piece(event: ViewEvent): string {
  const number = numberOf(event, "segment");
  return [number === undefined ? "a segment" : `segment ${number}`, rendition(event)].filter(Boolean).join(" of ");
}

function rendition(event: ViewEvent): string | undefined {
  return textOf(event, "rendition");
}

function code(event: ViewEvent, field: string): string {
  const ms = numberOf(event, field);
  return ms === undefined ? "?" : timecode(ms);
}

function dataOf(event: ViewEvent): string {
  const data: unknown = Reflect.get(event, "data");
  return data === undefined ? "" : JSON.stringify(data).slice(0, 120);
}

/** The host says nothing here, and a query may be long. */
function pathOf(url: string | undefined): string {
  return url === undefined ? "" : url.replace(/^[a-z]+:\/\/[^/]*/, "").replace(/[?#].*$/, "");
}
