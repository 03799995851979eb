import type { Delivery } from "@playhead/protocol";
import type { Cause } from "@playhead/qoe";
import { type Random, randomFrom } from "../random.js";
import {
  around,
  cdns,
  type Device,
  deliveryOf,
  devices,
  encoders,
  type Fault,
  type Film,
  films,
  type Place,
  passingFaults,
  pick,
  places,
  plans,
  playFaults,
  startFaults,
  type Weighted,
} from "./world.js";

/** What happens in a view after its first frame, in order. ms. */
export type Step =
  | { readonly kind: "play"; readonly ms: number }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "seek"; readonly ms: number }
  | { readonly kind: "stall"; readonly ms: number; readonly cause: Exclude<Cause, "unknown"> }
  /** To a rung of the film. */
  | { readonly kind: "quality"; readonly to: number }
  | { readonly kind: "passing_error"; readonly code: string; readonly message: string | null };

/** How the time to the first frame is spent; its parts come to the whole. ms. */
export interface StartPlan {
  readonly serverMs: number;
  readonly networkMs: number;
  readonly playerMs: number;
}

export type Outcome =
  | { readonly kind: "ended" | "left" | "lost" }
  | { readonly kind: "playback_failure"; readonly fault: Fault }
  | { readonly kind: "start_failure"; readonly afterMs: number; readonly fault: Fault }
  | { readonly kind: "before_start"; readonly afterMs: number };

/** One view as it truly was: what is told of it (`tell.ts`) and what is true of it (`truth.ts`) are both made of this. */
export interface Plan {
  readonly viewId: string;
  readonly viewerId: string | null;
  readonly startedAt: number;
  readonly film: Film;
  readonly device: Device;
  readonly country: string | null;
  readonly cdn: string | null;
  readonly plan: string;
  readonly delivery: Delivery;
  readonly encoder: string | null;
  readonly variant: string | null;
  /** Whether the player tells of its requests; without them nobody knows what was waited for. */
  readonly tellsRequests: boolean;
  readonly start: StartPlan;
  readonly rung: number;
  readonly steps: readonly Step[];
  /** Of the frames. */
  readonly dropShare: number;
  readonly outcome: Outcome;
}

export const EXPERIMENT = "start-rung";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Traffic {
  /** Views in no order. The same seed, count and time give the same views. */
  plans(): Generator<Plan>;
  readonly from: number;
  readonly to: number;
  /** One of the CDNs is bad for three hours of one evening. */
  readonly incident: { readonly from: number; readonly to: number; readonly cdn: string };
}

export interface TrafficOptions {
  readonly seed: number;
  readonly views: number;
  readonly days: number;
  /** No view goes on beyond it, Unix ms. */
  readonly until: number;
}

/** What one viewer has in every view. */
interface Viewer {
  readonly id: string;
  readonly device: Device;
  readonly place: Place;
  readonly plan: string;
  readonly variant: string | null;
}

export function planTraffic({ seed, views, days, until }: TrafficOptions): Traffic {
  const from = until - days * DAY;
  const evening = Math.floor((from + 0.7 * days * DAY) / DAY) * DAY + 19 * HOUR;
  const incident = { from: evening, to: evening + 3 * HOUR, cdn: "edge-b" };
  return {
    from,
    to: until,
    incident,
    *plans() {
      const random = randomFrom(seed);
      const catalogue = films(random, 40);
      const viewers = Array.from({ length: Math.max(20, Math.round(views / 6)) }, (_, i) => viewerOf(random, i));
      for (let i = 0; i < views; i++) {
        const viewer = viewers[Math.floor(random.next() ** 2 * viewers.length)];
        if (viewer === undefined) continue;
        const viewId = `traffic-${seed}-${String(i).padStart(7, "0")}`;
        yield planView(random, viewId, viewer, catalogue, { from, until, incident });
      }
    },
  };
}

function viewerOf(random: Random, i: number): Viewer {
  // A fifth takes part in no experiment.
  const variant = i % 5 === 0 ? null : i % 2 === 0 ? "control" : "low-first";
  return {
    id: `viewer-${i}`,
    device: pick(random, devices),
    place: pick(random, places),
    plan: pick(random, plans),
    variant,
  };
}

interface Period {
  readonly from: number;
  readonly until: number;
  readonly incident: Traffic["incident"];
}

function planView(
  random: Random,
  viewId: string,
  viewer: Viewer,
  catalogue: Weighted<Film>,
  { from, until, incident }: Period,
): Plan {
  const { device, place } = viewer;
  const film = pick(random, catalogue);
  const cdn = pick(random, cdns);
  const delivery = deliveryOf(film, device);
  const encoder = delivery === "transcode" ? pick(random, encoders) : null;
  const startedAt = timeOfDay(random, from, until);
  const bad = cdn === incident.cdn && startedAt >= incident.from && startedAt < incident.to;
  const start = planStart(random, viewer, encoder, bad);
  const trouble = (bad ? 8 : 1) * place.slowness;
  const outcome = planOutcome(random, trouble, delivery);
  const started = outcome.kind !== "before_start" && outcome.kind !== "start_failure";
  const plan = {
    viewId,
    viewerId: random.chance(0.05) ? null : viewer.id,
    startedAt,
    film,
    device,
    country: place.country,
    cdn,
    plan: viewer.plan,
    delivery,
    encoder,
    variant: viewer.variant,
    tellsRequests: device.player.name !== "native",
    start,
    rung: delivery === "direct" ? 0 : 1 + random.below(2),
    steps: started ? planSteps(random, film, delivery, trouble) : [],
    dropShare: random.chance(0.05) ? random.next() * 0.1 : random.next() * 0.002,
    outcome,
  };
  // Whoever would still be watching began earlier.
  return { ...plan, startedAt: Math.min(startedAt, until - lengthOf(plan) - 1_000) };
}

/** From the intent to the last event, ms. */
export function lengthOf({ outcome, start, steps }: Pick<Plan, "outcome" | "start" | "steps">): number {
  if (outcome.kind === "before_start" || outcome.kind === "start_failure") return outcome.afterMs + 20;
  const played = steps.reduce((sum, step) => sum + ("ms" in step ? step.ms : 0), 0);
  return start.serverMs + start.networkMs + start.playerMs + played + 20;
}

/** Few watch at night, most in the evening, more at weekends. */
function timeOfDay(random: Random, from: number, until: number): number {
  for (;;) {
    const at = Math.floor(from + random.next() * (until - from));
    const hour = (at % DAY) / HOUR;
    const daily = 0.12 + 0.88 * Math.max(0, Math.cos(((hour - 20) / 24) * 2 * Math.PI) * 0.5 + 0.5) ** 2;
    const weekday = new Date(at).getUTCDay();
    if (random.chance(daily * (weekday === 0 || weekday === 6 ? 1 : 0.75))) return at;
  }
}

function planStart(random: Random, { place, variant }: Viewer, encoder: string | null, bad: boolean): StartPlan {
  const encoding = encoder === null ? 15 : encoder === "libx264" ? 900 : 420;
  const gain = variant === "low-first" ? 0.8 : 1;
  return {
    serverMs: around(random, encoding, 1.6),
    networkMs: around(random, 180 * place.slowness * gain * (bad ? 8 : 1), 1.7),
    playerMs: around(random, 120, 1.5) + (random.chance(0.01) ? 3_000 : 0),
  };
}

function planOutcome(random: Random, trouble: number, delivery: Delivery): Outcome {
  const fails = Math.min(0.5, 0.012 * trouble * (delivery === "transcode" ? 2 : 1));
  if (random.chance(fails)) {
    return {
      kind: "start_failure",
      afterMs: around(random, 4_000, 2),
      fault: numbered(random, pick(random, startFaults)),
    };
  }
  if (random.chance(0.02 * Math.sqrt(trouble))) return { kind: "before_start", afterMs: around(random, 3_500, 2.5) };
  if (random.chance(fails * 0.6))
    return { kind: "playback_failure", fault: numbered(random, pick(random, playFaults)) };
  return { kind: random.chance(0.02) ? "lost" : random.chance(0.35) ? "ended" : "left" };
}

function planSteps(random: Random, film: Film, delivery: Delivery, trouble: number): Step[] {
  const wanted = Math.min(film.durationMs, around(random, 600_000, 3));
  const interruptions = Math.min(12, around(random, 1.6, 2) - 1);
  const steps: Step[] = [{ kind: "play", ms: 3_000 + random.below(wanted) }];
  for (let i = 0; i < interruptions; i++) {
    steps.push(interruption(random, delivery, trouble));
    steps.push({ kind: "play", ms: 3_000 + random.below(Math.ceil(wanted / interruptions)) });
  }
  return steps;
}

function interruption(random: Random, delivery: Delivery, trouble: number): Step {
  const causes: Weighted<Exclude<Cause, "unknown">> = [
    [delivery === "transcode" ? 6 : 0.2, "encoder"],
    [4 * trouble, "network"],
    [1, "device"],
    [1, "player"],
  ];
  const kind = pick(random, [
    [3 * trouble, "stall"],
    [4, "pause"],
    [4, "seek"],
    [delivery === "direct" ? 0 : 5, "quality"],
    [0.5, "passing_error"],
  ] as const satisfies Weighted<Step["kind"]>);
  switch (kind) {
    case "stall":
      return { kind, ms: 250 + around(random, 1_800, 2), cause: pick(random, causes) };
    case "pause":
      return { kind, ms: around(random, 60_000, 3) };
    case "seek":
      return { kind, ms: around(random, 350, 1.8) };
    case "quality":
      return { kind, to: 1 + random.below(4) };
    default: {
      const { code, message } = numbered(random, pick(random, passingFaults));
      return { kind: "passing_error", code, message };
    }
  }
}

/** The fault with its numbers filled in. */
function numbered(random: Random, fault: Fault): Fault {
  return { ...fault, message: fault.message?.replaceAll("#", () => String(random.below(100_000))) ?? null };
}
