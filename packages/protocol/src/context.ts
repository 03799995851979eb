import Type, { type Static } from "typebox";
import { Id } from "./event.js";

const opt = Type.Optional;
const text = (maxLength: number) => Type.String({ maxLength });
const px = Type.Integer({ minimum: 0, maximum: 65_535 });

/** How the media reaches the player (DESIGN §3): the file itself, repackaged, or re-encoded. */
export const Delivery = Type.Union([Type.Literal("direct"), Type.Literal("copy"), Type.Literal("transcode")]);
export type Delivery = Static<typeof Delivery>;

/** What is true of the whole view, sent once a batch. */
export const Context = Type.Object(
  {
    viewId: Id,
    viewerId: opt(Id),
    mediaId: opt(Id),
    hlsSessionId: opt(Id),
    player: opt(Type.Object({ name: opt(text(64)), version: opt(text(64)) }, { additionalProperties: true })),
    device: opt(
      Type.Object(
        {
          browser: opt(text(64)),
          browserVersion: opt(text(64)),
          os: opt(text(64)),
          screenWidth: opt(px),
          screenHeight: opt(px),
          /** `desktop`, `phone`, `tablet`, `tv`, `other`. */
          type: opt(text(32)),
        },
        { additionalProperties: true },
      ),
    ),
    network: opt(
      Type.Object(
        {
          downlinkMbps: opt(Type.Number({ minimum: 0, maximum: 1e6 })),
          rttMs: opt(Type.Integer({ minimum: 0, maximum: 1e9 })),
          effectiveType: opt(text(16)),
        },
        { additionalProperties: true },
      ),
    ),
    stream: opt(
      Type.Object(
        {
          url: opt(text(2048)),
          codec: opt(text(128)),
          container: opt(text(64)),
          protocol: opt(text(32)),
          delivery: opt(text(16)),
          isLive: opt(Type.Boolean()),
          durationMs: opt(Type.Integer({ minimum: 0 })),
        },
        { additionalProperties: true },
      ),
    ),
    /** Who delivers the bytes, by the page's own name for it. */
    cdn: opt(text(64)),
    /** ISO 3166-1 alpha-2, set by the server from a proxy's header. */
    country: opt(text(2)),
    experiment: opt(Type.Object({ name: text(128), variant: text(128) }, { additionalProperties: true })),
    custom: opt(
      Type.Record(
        Type.String({ maxLength: 64 }),
        Type.Union([Type.String({ maxLength: 1024 }), Type.Number(), Type.Boolean(), Type.Null()]),
      ),
    ),
  },
  { additionalProperties: true },
);
export type Context = Static<typeof Context>;
