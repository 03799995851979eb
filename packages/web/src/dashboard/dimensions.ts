/** What views are told apart by: the dimensions of the server's filter grammar, as people call them. */
export const dimensions = {
  mediaId: "Film",
  codec: "Codec",
  container: "Container",
  delivery: "Delivery",
  playerName: "Player",
  playerVersion: "Version",
  experiment: "Experiment",
  variant: "Variant",
  browser: "Browser",
  os: "System",
  deviceType: "Device",
  viewerId: "Viewer",
  exit: "End",
  errorCode: "Error",
  errorFingerprint: "Error group",
  source: "Told by",
  cdn: "CDN",
  country: "Country",
  encoder: "Encoder",
  startCause: "Slow start by",
  stallCause: "Stalls by",
} as const;

export type Dimension = keyof typeof dimensions;

export function isDimension(name: string): name is Dimension {
  return Object.hasOwn(dimensions, name);
}

/** What a page's table tells views apart by, before what is its own. */
export const commonDimensions = [
  "browser",
  "os",
  "deviceType",
  "country",
  "cdn",
  "delivery",
  "encoder",
  "codec",
  "container",
  "playerVersion",
  "mediaId",
] as const satisfies readonly Dimension[];

/** One question each, answered by one table with a choice of dimensions. The first is shown unasked. */
export const questions = [
  { id: "what", title: "What was played", choices: ["mediaId", "codec", "container"] },
  {
    id: "how",
    title: "How it was sent",
    choices: ["delivery", "playerName", "playerVersion", "experiment", "variant", "source"],
  },
  { id: "where", title: "Where it was watched", choices: ["browser", "os", "deviceType", "viewerId"] },
  { id: "end", title: "How it ended", choices: ["exit", "errorCode"] },
] as const satisfies readonly { id: string; title: string; choices: readonly Dimension[] }[];

export type Question = (typeof questions)[number];
export type QuestionId = Question["id"];

/** Why a view waited: `docs/causes.md`. */
const causes = {
  encoder: "The server's encoder",
  network: "The network",
  device: "The device",
  player: "The page or its player",
  unknown: "Not known",
};

const words: Readonly<Partial<Record<Dimension, Readonly<Record<string, string>>>>> = {
  delivery: { direct: "Direct", copy: "Repackaged", transcode: "Transcoded" },
  exit: {
    open: "Still open",
    ended: "Played to the end",
    left: "Left while it played",
    before_start: "Left before the start",
    start_failure: "Failed to start",
    playback_failure: "Failed while playing",
  },
  startCause: causes,
  stallCause: causes,
  deviceType: { desktop: "Desktop", phone: "Phone", tablet: "Tablet", tv: "TV", other: "Other" },
  source: {
    sdk: "Playhead's SDK",
    cmcd: "CMCD reports",
    "cmcd-request": "CMCD on requests",
    epas: "EPAS",
    server: "The server alone",
  },
};

/** A value in words, where the wire's own is a code. Films and viewers have names of their own: see `names.ts`. */
export function valueName(dimension: Dimension, value: string): string {
  return words[dimension]?.[value] ?? value;
}
