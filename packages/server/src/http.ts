import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { User } from "@playhead/store";
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";

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
 * `open`: anyone; `user`: signed in; `admin`: the administrator; `ingest`: signed in, or with the ingest key.
 */
export type Door = "open" | "user" | "admin" | "ingest";

declare module "fastify" {
  interface FastifyContextConfig {
    door?: Door;
  }
  interface FastifyRequest {
    /** Who is signed in; null on open routes and where the ingest key opened the door. */
    user: User | null;
  }
}
