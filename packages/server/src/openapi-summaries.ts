/** What a route's schemas don't say of it. */
export interface RouteSummary {
  readonly summary: string;
  /** Media types of the body, with spaces between them, where it is no JSON that a schema describes. */
  readonly takes?: string;
  /** Media types of the reply, where no schema describes it. */
  readonly gives?: string;
  /** Of success, where it is not 200. */
  readonly status?: string;
}

const preflight: RouteSummary = { summary: "What a page of another site may send (CORS)", status: "204" };
const media = "video/mp4 audio/mp4 text/vtt";
const playlist = "application/vnd.apple.mpegurl";

/** Every route, by method and address as it is registered. A new one takes a line here: `openapi.test.ts`. */
export const routeSummaries: Readonly<Record<string, RouteSummary>> = {
  "GET /api/v1/library": { summary: "Films and series" },
  "GET /api/v1/media/:id": { summary: "One film: tracks, chapters, codec strings, resume point" },
  "GET /api/v1/media/:id/poster": { summary: "Its picture", gives: "image/jpeg" },
  "GET /api/v1/media/:id/thumbnails.vtt": { summary: "Pictures for the seek bar: which lies where", gives: "text/vtt" },
  "GET /api/v1/media/:id/thumbnails/:sheet": { summary: "A sheet of those pictures", gives: "image/jpeg image/webp" },
  "GET /api/v1/media/:mediaId/subtitles/:track": { summary: "One subtitle track", gives: "text/vtt" },
  "POST /api/v1/media/:id/link": { summary: "A signed link that plays without a sign-in" },
  "GET /api/v1/progress/:mediaId": { summary: "Resume point" },
  "PUT /api/v1/progress/:mediaId": { summary: "Keep the resume point", status: "204" },

  "POST /api/v1/playback": { summary: "How to play a film here: direct, copied or transcoded, and why" },
  "GET /api/v1/stream/:mediaId": { summary: "The film itself, or on to its playlist", gives: `video/mp4 ${playlist}` },
  "OPTIONS /api/v1/stream/:mediaId": preflight,
  "POST /api/v1/hls/preload/:mediaId": {
    summary: "Make a film ready to play",
    status: "202",
    gives: "application/json",
  },
  "DELETE /api/v1/hls/preload/:mediaId": { summary: "Never mind", status: "204" },
  "POST /api/v1/hls/preload/:mediaId/cancel": { summary: "Never mind, from a page that goes", status: "204" },
  "GET /api/v1/hls/:id/index.m3u8": { summary: "Multivariant playlist of an HLS session", gives: playlist },
  "GET /api/v1/hls/:id/:rendition/index.m3u8": { summary: "Media playlist of a rendition", gives: playlist },
  "GET /api/v1/hls/:id/:rendition/:segment": { summary: "A segment", gives: media },
  "OPTIONS /api/v1/hls/:id/*": preflight,
  "POST /api/v1/hls/:id/heartbeat": { summary: "Keep the session", status: "204" },
  "DELETE /api/v1/hls/:id": { summary: "End the session", status: "204" },

  "POST /telemetry": { summary: "Events, by any of the wires", takes: "application/json", gives: "application/json" },
  "OPTIONS /telemetry": preflight,
  "POST /api/v1/events": {
    summary: "Events, by any of the wires",
    takes: "application/json",
    gives: "application/json",
  },
  "OPTIONS /api/v1/events": preflight,
  "POST /api/v1/cmcd": {
    summary: "CMCD reports (CTA-5004-B, event mode)",
    takes: "application/cmcd text/cmcd",
    status: "204",
  },
  "OPTIONS /api/v1/cmcd": preflight,

  "GET /api/v1/analytics/overview": { summary: "A selection's totals, ratios and distributions" },
  "GET /api/v1/analytics/timeseries": { summary: "The same by interval" },
  "GET /api/v1/analytics/breakdown": { summary: "The same by up to three dimensions" },
  "GET /api/v1/analytics/histogram": { summary: "Views by startup time" },
  "GET /api/v1/analytics/start": { summary: "The time to play, and where it went" },
  "GET /api/v1/analytics/encoder": { summary: "What sessions and encoders did, over time and by codec and container" },
  "GET /api/v1/analytics/errors": { summary: "Errors by fingerprint" },
  "GET /api/v1/analytics/experiments": { summary: "Variants side by side, with confidence intervals" },
  "GET /api/v1/analytics/export": {
    summary: "Views, or a breakdown's rows, as a file",
    gives: "text/csv application/x-ndjson",
  },
  "GET /api/v1/analytics/live": { summary: "Open views, pushed when they change", gives: "text/event-stream" },
  "GET /api/v1/analytics/views": { summary: "Views, newest first" },
  "GET /api/v1/analytics/views/:id": { summary: "One view: its row, its events, why it waited" },
  "GET /api/v1/views": { summary: "Views, newest first (short address)" },
  "GET /api/v1/views/:id": { summary: "One view (short address)" },

  "GET /api/v1/alerts": { summary: "Alert rules, and how they stand" },
  "POST /api/v1/alerts": { summary: "Make a rule; its secret is shown this once" },
  "PUT /api/v1/alerts/:id": { summary: "Replace a rule; it starts anew" },
  "DELETE /api/v1/alerts/:id": { summary: "Remove a rule and its history", status: "204" },
  "POST /api/v1/alerts/:id/test": { summary: "Send a test by the rule's webhook" },
  "GET /api/v1/alerts/history": { summary: "Messages of alerts, newest first" },

  "GET /sign-in": { summary: "Sign in by link", status: "303" },
  "POST /api/v1/sign-in": { summary: "Sign in on this browser", status: "204" },
  "POST /api/v1/sign-out": { summary: "Sign out", status: "204" },
  "GET /api/v1/me": { summary: "Who is signed in" },
  "GET /api/v1/users": { summary: "Users" },
  "POST /api/v1/users": {
    summary: "Make a user, with a token that is shown once",
    status: "201",
    gives: "application/json",
  },

  "GET /healthz": { summary: "The process answers", gives: "application/json" },
  "GET /readyz": { summary: "It can do its work, the database included", gives: "application/json" },
  "GET /metrics": { summary: "For Prometheus", gives: "text/plain" },
  "GET /openapi.json": { summary: "This", gives: "application/json" },
  "GET /sdk/*": { summary: "The browser SDK", gives: "text/javascript" },
  "GET /examples": { summary: "Example pages", gives: "text/html" },
  "GET /examples/*": { summary: "Example pages", gives: "text/html" },
  "GET /assets/*": { summary: "What the pages load", gives: "text/javascript text/css" },
};
