import { DEFAULT_APP_ID } from "@playhead/protocol";
import { type Cause, causes, errorFingerprint, type ViewExit } from "@playhead/qoe";
import type { StoredView } from "@playhead/store";
import { EXPERIMENT, lengthOf, type Plan, type Step } from "./plan.js";
import { framesAt, tell } from "./tell.js";

/** What is true of a view, but for its mean opinion: that has its own check values. */
export type Truth = Omit<StoredView, "mos" | "mosMs">;

const SLOW_START_MS = 2_000;

/**
 * What the fold must find, worked out from what truly happened and not from what was told of it. Formulae are those of
 * `docs/telemetry.md`, written a second time.
 */
export function truthOf(plan: Plan): Truth {
  const { outcome, film, device, steps } = plan;
  const never = outcome.kind === "before_start" || outcome.kind === "start_failure";
  const sum = (kind: Step["kind"]) =>
    steps.reduce((total, step) => total + (step.kind === kind && "ms" in step ? step.ms : 0), 0);
  const count = (kind: Step["kind"]) => steps.filter((step) => step.kind === kind).length;
  const playingMs = sum("play");
  const rebufferMs = sum("stall");
  const rebufferCount = count("stall");
  const seekMs = sum("seek");
  const watchMs = playingMs + rebufferMs + seekMs;
  const startupMs = never ? null : plan.start.serverMs + plan.start.networkMs + plan.start.playerMs;
  const shown = shownOf(plan);
  const frames = never ? { decodedFrames: 0, droppedFrames: 0 } : framesAt(playingMs, plan.dropShare);
  const events = tell(plan);
  const lastEventAt = plan.startedAt + lengthOf(plan) - (outcome.kind.endsWith("_failure") ? 0 : 20);
  return {
    appId: DEFAULT_APP_ID,
    viewId: plan.viewId,
    viewerId: plan.viewerId,
    mediaId: film.mediaId,
    hlsSessionId: plan.delivery === "direct" ? null : `hls-${plan.viewId}`,
    source: "sdk",
    startedAt: plan.startedAt,
    lastEventAt,
    eventCount: events.length,
    startupMs,
    playRequested: true,
    watchMs,
    playingMs,
    pauseMs: sum("pause"),
    rebufferCount,
    rebufferMs,
    seekCount: count("seek"),
    seekMs,
    averageBitrateBps: never ? null : Math.round(shown.bits / playingMs),
    bitrateMs: playingMs,
    switchesUp: shown.up,
    switchesDown: shown.down,
    switches: shown.up + shown.down,
    ...frames,
    fps: never || frames.decodedFrames === 0 ? null : Math.round((frames.decodedFrames / playingMs) * 1e6) / 1e3,
    ...errorOf(plan),
    exit: exitOf(plan),
    state: outcome.kind === "lost" ? "playing" : "ended",
    positionMs: playingMs + 60_000 * count("seek"),
    seedScore: seedScoreOf(startupMs, rebufferCount, rebufferMs, shown.up + shown.down, shown.bits, playingMs),
    startupScore: startupMs === null ? null : 800 / (8 + startupMs / 1000),
    smoothnessScore:
      watchMs === 0 ? null : 50 / Math.sqrt(1 + rebufferCount ** 2 / 4) + 50 * Math.exp((-10 * rebufferMs) / watchMs),
    qualityScore: never ? null : 100 * Math.exp(-0.33 * (0.15 * shown.worst + (0.85 * shown.blownUp) / playingMs)),
    successScore: successOf(plan),
    ...startOf(plan, startupMs),
    stallCause: stallCauseOf(plan),
    browser: device.browser,
    os: device.os,
    deviceType: device.type,
    playerName: device.player.name,
    playerVersion: device.player.version,
    codec: film.codec,
    container: film.container,
    delivery: plan.delivery,
    experiment: plan.variant === null ? null : EXPERIMENT,
    variant: plan.variant,
    cdn: plan.cdn,
    country: plan.country,
    encoder: plan.encoder,
    custom: { plan: plan.plan },
  };
}

/** What was on screen: Σ bit/s·ms, Σ upscaling·ms, and the switches. */
function shownOf({ film, device, rung, steps }: Plan) {
  const found = { bits: 0, blownUp: 0, worst: 0, up: 0, down: 0 };
  let now = film.rungs[rung];
  for (const step of steps) {
    if (step.kind === "quality") {
      const next = film.rungs[step.to];
      if (next !== undefined && now !== undefined && next.bps > now.bps) found.up += 1;
      if (next !== undefined && now !== undefined && next.bps < now.bps) found.down += 1;
      now = next;
    } else if (step.kind === "play" && now !== undefined) {
      const fit = Math.min(device.playerWidth / now.width, device.playerHeight / now.height);
      const upscale = Math.max(0, fit - 1);
      found.bits += now.bps * step.ms;
      found.blownUp += upscale * step.ms;
      found.worst = Math.max(found.worst, upscale);
    }
  }
  return found;
}

function seedScoreOf(
  startupMs: number | null,
  stalls: number,
  stalledMs: number,
  switches: number,
  bits: number,
  playingMs: number,
): number {
  const average = playingMs === 0 ? 0 : bits / playingMs;
  const bonus = average > 5e6 ? 5 : average > 2e6 ? 2 : 0;
  const late = Math.max(0, (startupMs ?? 0) / 1000 - 2);
  const score = 100 - 5 * late - 10 * stalls - 5 * (stalledMs / 1000) - 2 * switches + bonus;
  return Math.min(100, Math.max(0, score));
}

function exitOf({ outcome }: Plan): ViewExit {
  // A view that fell silent is closed as one that was left.
  return outcome.kind === "lost" ? "left" : outcome.kind;
}

function successOf({ outcome }: Plan): number | null {
  if (outcome.kind === "start_failure" || outcome.kind === "playback_failure") return 0;
  if (outcome.kind === "before_start") return outcome.afterMs >= 1_000 ? 50 : null;
  return 100;
}

function errorOf({ outcome, steps }: Plan) {
  const passing = steps.filter((step) => step.kind === "passing_error");
  const fault = "fault" in outcome ? outcome.fault : passing.at(-1);
  return {
    errorCount: passing.length + ("fault" in outcome ? 1 : 0),
    errorCode: fault?.code ?? null,
    errorMessage: fault?.message ?? null,
    errorFingerprint: fault === undefined ? null : errorFingerprint(fault.code, fault.message),
    businessError: "fault" in outcome && outcome.fault.business === true,
  };
}

function startOf({ start, outcome, tellsRequests }: Plan, startupMs: number | null) {
  const waited = startupMs ?? ("afterMs" in outcome ? outcome.afterMs : 0);
  const known = startupMs !== null && tellsRequests;
  const half = waited / 2;
  const cause: Cause = !known
    ? "unknown"
    : start.serverMs >= half
      ? "encoder"
      : start.networkMs >= half
        ? "network"
        : start.serverMs + start.networkMs < half
          ? "player"
          : start.serverMs > start.networkMs
            ? "encoder"
            : "network";
  return {
    startServerMs: known ? start.serverMs : null,
    startNetworkMs: known ? start.networkMs : null,
    startPlayerMs: known ? start.playerMs : null,
    startCause: waited > SLOW_START_MS ? cause : null,
  };
}

/** The cause of most of the time. What was waited for is known only where requests are told; what lay in the buffer, always. */
function stallCauseOf({ steps, tellsRequests }: Plan): Cause | null {
  const ms = new Map<Cause, number>();
  for (const step of steps) {
    if (step.kind !== "stall") continue;
    const cause = tellsRequests || step.cause === "device" ? step.cause : "unknown";
    ms.set(cause, (ms.get(cause) ?? 0) + step.ms);
  }
  const ranked = causes.filter((cause) => ms.has(cause)).toSorted((a, b) => (ms.get(b) ?? 0) - (ms.get(a) ?? 0));
  return ranked[0] ?? null;
}
