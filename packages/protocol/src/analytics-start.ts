import Type, { type Static } from "typebox";
import { Distribution } from "./analytics.js";

const Int = Type.Integer();

/** Views that started in [fromMs, toMs) after the intent to play; the last bin is open. */
export const StartBin = Type.Object({
  fromMs: Int,
  toMs: Type.Union([Int, Type.Null()]),
  views: Int,
  /** Those whose time is known to be divided: the sums and counts below are of these alone. */
  divided: Int,
  /** Σ over the divided views, ms: made by the server, on the network, in the player. */
  serverMs: Int,
  networkMs: Int,
  playerMs: Int,
  /** The divided views by what took most of their time. */
  mostlyServer: Int,
  mostlyNetwork: Int,
  mostlyPlayer: Int,
});
export type StartBin = Static<typeof StartBin>;

/** `GET /api/v1/analytics/start`: how long views took to start, and where that time went. */
export const StartReply = Type.Object({
  from: Int,
  to: Int,
  /** Views with a startup time; and those of them whose time is known to be divided. */
  started: Int,
  divided: Int,
  /** ms, of the views that have each. */
  distributions: Type.Object({
    startupMs: Distribution,
    startServerMs: Distribution,
    startNetworkMs: Distribution,
    startPlayerMs: Distribution,
  }),
  bins: Type.Array(StartBin),
  /** Slow starts by their cause, most views first. */
  slow: Type.Array(Type.Object({ cause: Type.String(), views: Int })),
});
export type StartReply = Static<typeof StartReply>;
