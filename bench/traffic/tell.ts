import { type Context, DEFAULT_APP_ID, type EventOf, type EventType, type RecordedEvent } from "@playhead/protocol";
import { EXPERIMENT, type Plan, type Step } from "./plan.js";

const FPS = 24;

/** How many frames a view decoded and dropped when so much of it was played. */
export function framesAt(played: number, dropShare: number): { decodedFrames: number; droppedFrames: number } {
  const decodedFrames = Math.round((played / 1000) * FPS);
  return { decodedFrames, droppedFrames: Math.round(decodedFrames * dropShare) };
}

/** The events by which a player, and our server, tell of a view: in order, as they would be stored. */
export function tell(plan: Plan): readonly RecordedEvent[] {
  const teller = new Teller(plan);
  teller.start();
  for (const step of plan.steps) teller.step(step);
  teller.end();
  return teller.events;
}

class Teller {
  readonly events: RecordedEvent[] = [];
  readonly #plan: Plan;
  readonly #context: Context;
  #now: number;
  #played = 0;
  #positionMs = 0;
  #rung: number;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#context = contextOf(plan);
    this.#now = plan.startedAt;
    this.#rung = plan.rung;
  }

  start(): void {
    const { start, outcome, encoder, tellsRequests } = this.#plan;
    this.#say("play_request", { autoplay: false });
    if (encoder !== null) this.#serverSays(start.serverMs);
    if (outcome.kind === "before_start" || outcome.kind === "start_failure") {
      this.#now += outcome.afterMs;
      return;
    }
    const { serverMs, networkMs, playerMs } = start;
    // The player needs some time before it asks, and some before it shows.
    this.#now += playerMs - Math.floor(playerMs / 2) + serverMs + networkMs;
    if (tellsRequests) {
      this.#say("request", {
        kind: "segment",
        status: 200,
        durationMs: serverMs + networkMs,
        waitMs: serverMs,
        bytes: 900_000,
      });
    }
    this.#now += Math.floor(playerMs / 2);
    this.#say("first_frame", { startupMs: serverMs + networkMs + playerMs, ...this.#measures() });
  }

  step(step: Step): void {
    switch (step.kind) {
      case "play":
        this.#now += step.ms;
        this.#played += step.ms;
        this.#positionMs += step.ms;
        break;
      case "pause":
        this.#say("pause", this.#measures());
        this.#now += step.ms;
        this.#say("play", this.#measures());
        break;
      case "seek": {
        const fromMs = this.#positionMs;
        this.#positionMs += 60_000;
        this.#say("seek_start", { fromMs, toMs: this.#positionMs });
        this.#now += step.ms;
        this.#say("seek_end", { toMs: this.#positionMs, durationMs: step.ms });
        break;
      }
      case "stall":
        this.#stall(step);
        break;
      case "quality":
        this.#change(step.to);
        break;
      case "passing_error":
        this.#say("error", {
          code: step.code,
          ...(step.message === null ? {} : { message: step.message }),
          fatal: false,
        });
        break;
    }
  }

  end(): void {
    const { outcome } = this.#plan;
    switch (outcome.kind) {
      case "lost":
        this.#say("heartbeat", this.#measures());
        return;
      case "ended":
      case "left":
        this.#say("end", { reason: outcome.kind, ...this.#measures() });
        return;
      case "before_start":
        this.#say("end", { reason: "left" });
        return;
      default: {
        const { code, message, business } = outcome.fault;
        this.#say("error", {
          code,
          ...(message === null ? {} : { message }),
          fatal: true,
          ...(business === true ? { business } : {}),
        });
        this.#now += 20;
        this.#say("end", { reason: "error", ...(outcome.kind === "playback_failure" ? this.#measures() : {}) });
      }
    }
  }

  /** What tells the cause: the request that was waited for, or how much lay in the buffer. */
  #stall({ ms, cause }: Extract<Step, { kind: "stall" }>): void {
    this.#say("rebuffer_start", { ...this.#measures(), bufferMs: cause === "device" ? 8_000 : 0 });
    this.#now += ms;
    if (this.#plan.tellsRequests && (cause === "encoder" || cause === "network")) {
      const waitMs = cause === "encoder" ? Math.ceil(ms * 0.9) : 0;
      this.#say("request", { kind: "segment", status: 200, durationMs: ms, waitMs, bytes: 1_200_000 });
    }
    this.#say("rebuffer_end", { durationMs: ms, ...this.#measures() });
  }

  #change(to: number): void {
    const before = this.#plan.film.rungs[this.#rung];
    const after = this.#plan.film.rungs[to];
    if (before === undefined || after === undefined || to === this.#rung) return;
    this.#rung = to;
    this.#say("quality_change", {
      fromBitrateBps: before.bps,
      fromWidth: before.width,
      fromHeight: before.height,
      toBitrateBps: after.bps,
      toWidth: after.width,
      toHeight: after.height,
      reason: "abr",
    });
  }

  #measures() {
    const { film, device, dropShare } = this.#plan;
    const rung = film.rungs[this.#rung];
    const { playerWidth, playerHeight } = device;
    const shown = rung === undefined ? {} : { bitrateBps: rung.bps, width: rung.width, height: rung.height };
    return { ...shown, playerWidth, playerHeight, ...framesAt(this.#played, dropShare) };
  }

  #say<T extends EventType>(type: T, fields: Omit<EventOf<T>, "id" | "seq" | "type" | "ts" | "positionMs">): void {
    this.#record("sdk", { ...fields, type, positionMs: this.#positionMs });
  }

  #serverSays(serverMs: number): void {
    const { encoder } = this.#plan;
    this.#record("server", {
      type: "ffmpeg_start",
      encoder,
      rendition: "v0",
      segment: 0,
      durationMs: Math.ceil(serverMs / 3),
    });
  }

  #record(source: RecordedEvent["source"], fields: object): void {
    const seq = this.events.length;
    const event: object = { id: `${this.#plan.viewId}-${seq}`, seq, ts: this.#now, ...fields };
    this.events.push({
      appId: DEFAULT_APP_ID,
      source,
      receivedAt: this.#now + 400,
      context: this.#context,
      // Checked by `say`'s types; the union can't be rebuilt from its parts.
      event: event as RecordedEvent["event"],
    });
  }
}

function contextOf(plan: Plan): Context {
  const { device, film, viewerId, country, cdn, variant } = plan;
  return {
    viewId: plan.viewId,
    mediaId: film.mediaId,
    ...(viewerId === null ? {} : { viewerId }),
    ...(plan.delivery === "direct" ? {} : { hlsSessionId: `hls-${plan.viewId}` }),
    player: device.player,
    device: {
      browser: device.browser,
      os: device.os,
      type: device.type,
      screenWidth: device.screenWidth,
      screenHeight: device.screenHeight,
    },
    stream: { codec: film.codec, container: film.container, delivery: plan.delivery, durationMs: film.durationMs },
    ...(cdn === null ? {} : { cdn }),
    ...(country === null ? {} : { country }),
    ...(variant === null ? {} : { experiment: { name: EXPERIMENT, variant } }),
    custom: { plan: plan.plan },
  };
}
