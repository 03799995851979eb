import type { Context, Delivery, RecordedEvent } from "@playhead/protocol";
import type { OrderedEvents } from "./order-events.js";

/** What the views can be grouped by, and who and what they are about. */
export interface Dimensions {
  viewerId: string | null;
  mediaId: string | null;
  hlsSessionId: string | null;
  browser: string | null;
  os: string | null;
  deviceType: string | null;
  playerName: string | null;
  playerVersion: string | null;
  codec: string | null;
  container: string | null;
  delivery: Delivery | null;
  experiment: string | null;
  variant: string | null;
  cdn: string | null;
  country: string | null;
  encoder: string | null;
  custom: NonNullable<Context["custom"]> | null;
  mediaDurationMs: number | null;
  screen: { handheld: boolean; width: number | undefined; height: number | undefined };
}

/** Field by field, what the latest event says that says anything; the player's word before the server's. */
export function dimensions({ player, others, server }: OrderedEvents): Dimensions {
  const found: Dimensions = {
    viewerId: null,
    mediaId: null,
    hlsSessionId: null,
    browser: null,
    os: null,
    deviceType: null,
    playerName: null,
    playerVersion: null,
    codec: null,
    container: null,
    delivery: null,
    experiment: null,
    variant: null,
    cdn: null,
    country: null,
    encoder: null,
    custom: null,
    mediaDurationMs: null,
    screen: { handheld: false, width: undefined, height: undefined },
  };
  fill(found, player);
  fill(found, others);
  fill(found, server);
  found.codec ??= lastCodec(player) ?? lastCodec(server);
  found.encoder = lastEncoder(server);
  found.screen.handheld = found.deviceType === "phone" || found.deviceType === "tablet";
  return found;
}

function fill(found: Dimensions, records: readonly RecordedEvent[]): void {
  let seen: Context | undefined;
  for (let i = records.length - 1; i >= 0; i--) {
    const context = records[i]?.context;
    // Events of one batch share their context.
    if (context === undefined || context === seen) continue;
    seen = context;
    const { device, player, stream, experiment } = context;
    found.viewerId ??= context.viewerId ?? null;
    found.mediaId ??= context.mediaId ?? null;
    found.hlsSessionId ??= context.hlsSessionId ?? null;
    if (device !== undefined) {
      found.browser ??= device.browser ?? null;
      found.os ??= device.os ?? null;
      found.deviceType ??= device.type ?? null;
      found.screen.width ??= device.screenWidth;
      found.screen.height ??= device.screenHeight;
    }
    if (player !== undefined) {
      found.playerName ??= player.name ?? null;
      found.playerVersion ??= player.version ?? null;
    }
    if (stream !== undefined) {
      found.codec ??= stream.codec ?? null;
      found.container ??= stream.container ?? null;
      found.delivery ??= asDelivery(stream.delivery);
      found.mediaDurationMs ??= stream.durationMs ?? null;
    }
    found.cdn ??= context.cdn ?? null;
    found.country ??= context.country ?? null;
    found.custom ??= context.custom ?? null;
    if (experiment !== undefined && found.experiment === null) {
      found.experiment = experiment.name;
      found.variant = experiment.variant;
    }
  }
}

function asDelivery(value: string | undefined): Delivery | null {
  return value === "direct" || value === "copy" || value === "transcode" ? value : null;
}

function lastCodec(records: readonly RecordedEvent[]): string | null {
  for (let i = records.length - 1; i >= 0; i--) {
    const event = records[i]?.event;
    if (event !== undefined && "codec" in event && typeof event.codec === "string") return event.codec;
  }
  return null;
}

function lastEncoder(records: readonly RecordedEvent[]): string | null {
  for (let i = records.length - 1; i >= 0; i--) {
    const event = records[i]?.event;
    if (event?.type === "ffmpeg_start" && event.encoder !== undefined) return event.encoder;
  }
  return null;
}
