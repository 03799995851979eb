import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { User } from "@playhead/store";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { PlaybackLink } from "./auth/playback-link.js";

/** The Fastify instance as the route files see it: TypeBox schemas give the types of body, params and query. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/**
 * Who may pass, said per route as `config: { door }`. Default: `user`.
 * `open`: anyone; `user`: signed in; `admin`: the administrator; `ingest`: signed in, or with the ingest key;
 * `playback`: signed in, or with a signed link to this media item.
 */
export type Door = "open" | "user" | "admin" | "ingest" | "playback";

/** How long a connection may do nothing, ms. */
export const connectionLimits = {
  /** Between two requests: longer than a player's pause, so that it keeps its connection. */
  keepAliveTimeout: 75_000,
  /**
   * While an answer is due and no byte moves: the client is gone or never reads, and what it was to be sent is let go.
   * Longer than any wait for a segment. A player that was paused for longer comes back with a range.
   */
  connectionTimeout: 120_000,
  /** For a request to arrive whole: one that trickles in holds a connection and no more. */
  requestTimeout: 60_000,
} as const;

declare module "fastify" {
  interface FastifyContextConfig {
    door?: Door;
  }
  interface FastifyRequest {
    /** Who is signed in; null on open routes and where the ingest key opened the door. */
    user: User | null;
    /** Where the viewer is, by the header that the operator named; undefined without one. ISO 3166-1 alpha-2. */
    country: string | undefined;
    /** The signed link that opened a `playback` door; null where something else did. */
    link: PlaybackLink | null;
  }
}
