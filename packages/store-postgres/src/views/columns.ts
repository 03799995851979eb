import type { StoredView, ViewDimension } from "@playhead/store";

type Kind = "text" | "integer" | "number" | "boolean" | "json";

/** Every field of a stored view and what its column holds. The compiler sees to it that none is forgotten. */
export const viewFields = {
  appId: "text",
  viewId: "text",
  viewerId: "text",
  mediaId: "text",
  hlsSessionId: "text",
  startedAt: "integer",
  lastEventAt: "integer",
  eventCount: "integer",
  startupMs: "integer",
  playRequested: "boolean",
  watchMs: "integer",
  playingMs: "integer",
  pauseMs: "integer",
  rebufferCount: "integer",
  rebufferMs: "integer",
  seekCount: "integer",
  seekMs: "integer",
  averageBitrateBps: "number",
  bitrateMs: "integer",
  switchesUp: "integer",
  switchesDown: "integer",
  switches: "integer",
  droppedFrames: "integer",
  decodedFrames: "integer",
  fps: "number",
  errorCount: "integer",
  errorCode: "text",
  errorMessage: "text",
  errorFingerprint: "text",
  businessError: "boolean",
  exit: "text",
  state: "text",
  positionMs: "integer",
  seedScore: "number",
  mos: "number",
  mosMs: "integer",
  startupScore: "number",
  smoothnessScore: "number",
  qualityScore: "number",
  successScore: "number",
  startServerMs: "integer",
  startNetworkMs: "integer",
  startPlayerMs: "integer",
  startCause: "text",
  stallCause: "text",
  browser: "text",
  os: "text",
  deviceType: "text",
  playerName: "text",
  playerVersion: "text",
  codec: "text",
  container: "text",
  delivery: "text",
  experiment: "text",
  variant: "text",
  cdn: "text",
  country: "text",
  encoder: "text",
  custom: "json",
  source: "text",
} as const satisfies Record<keyof StoredView, Kind>;

export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `viewId` → `"view_id"`: the SELECT list that gives a row the names of the fields. */
export const viewSelectList = Object.keys(viewFields)
  .map((field) => `${columnOf(field)} AS "${field}"`)
  .join(", ");

const fields: readonly (readonly [field: string, kind: Kind])[] = Object.entries(viewFields);
export const viewColumns = fields.map(([field]) => columnOf(field));

/** The columns of the filter grammar; what is not here can't be asked for. */
export function dimensionColumn(dimension: ViewDimension): string {
  if (!dimension.startsWith(CUSTOM)) return columnOf(dimension);
  // The one name that a request chooses: as a literal, for it stands where no parameter can.
  return `(custom ->> '${dimension.slice(CUSTOM.length).replaceAll("'", "''")}')`;
}

const CUSTOM = "custom.";

/** A view as an object of columns. A whole-number column rounds: half a millisecond is not worth refusing a view. */
export function viewRow(view: StoredView, mark: bigint): Record<string, unknown> {
  const values: Readonly<Record<string, unknown>> = { ...view };
  const row = fields.map(([field, kind]) => {
    const value = values[field];
    return [columnOf(field), kind === "integer" && typeof value === "number" ? Math.round(value) : value] as const;
  });
  return { ...Object.fromEntries(row), mark: mark.toString() };
}
