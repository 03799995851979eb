export { averageBitrate, type BitrateSample, bitrateSamples } from "./bitrate.js";
export { type Cause, causes, type Explanation } from "./cause/cause.js";
export { type Explanations, explainView } from "./cause/explain.js";
export {
  type PictureSample,
  qualityScore,
  smoothnessScore,
  startupScore,
  successScore,
} from "./component-scores.js";
export { errorFingerprint } from "./error-fingerprint.js";
export { foldView } from "./fold-view.js";
export { type AudioSegment, type Mos, type MosInput, mos, type VideoSegment } from "./mos/mos.js";
export type { StallEvent } from "./mos/stalling.js";
export { type OrderedEvents, orderEvents } from "./order-events.js";
export { MIN_STALL_MS, type Stall, stalls } from "./rebuffering.js";
export { SEED_SCORE_VERSION, type SeedScoreInput, seedScore } from "./seed-score.js";
export type { PlaybackState, Span, Timeline } from "./timeline.js";
export { buildTimeline } from "./timeline-builder.js";
export * from "./view.js";
