/** What a key's value is: the lists of version 2 were single numbers in version 1. */
type Kind = "integer" | "decimal" | "numbers" | "string" | "strings" | "token" | "boolean";

/**
 * The keys of CTA-5004 (version 1) and CTA-5004-B (version 2), Table 1, and those of its drafts that players still send
 * (`cdn`, `df`, `nrr`). Units are the standard's: ms and kbit/s.
 */
const kinds = {
  ab: "numbers",
  bg: "boolean",
  bl: "numbers",
  br: "numbers",
  bs: "boolean",
  bsa: "numbers",
  bsd: "numbers",
  bsda: "numbers",
  cdn: "string",
  cen: "string",
  cid: "string",
  cmsdd: "string",
  cmsds: "string",
  cs: "string",
  d: "integer",
  df: "integer",
  dfa: "integer",
  dl: "integer",
  e: "token",
  ec: "strings",
  h: "string",
  lab: "numbers",
  lb: "numbers",
  ltc: "integer",
  msd: "integer",
  mtp: "numbers",
  nor: "strings",
  nr: "boolean",
  nrr: "string",
  ot: "token",
  pb: "numbers",
  pr: "decimal",
  pt: "integer",
  rc: "integer",
  rtp: "integer",
  sf: "token",
  sid: "string",
  smrt: "string",
  sn: "integer",
  st: "token",
  sta: "token",
  su: "boolean",
  tab: "numbers",
  tb: "numbers",
  tbl: "numbers",
  tpb: "numbers",
  ts: "integer",
  ttfb: "integer",
  ttfbb: "integer",
  ttlb: "integer",
  url: "string",
  v: "integer",
} as const satisfies Record<string, Kind>;

export type CmcdKey = keyof typeof kinds;
export const cmcdKeys: ReadonlyMap<string, Kind> = new Map(Object.entries(kinds));

/** Highest version of the standard that is read here. What is of a higher one is ignored, as it asks for. */
export const CMCD_VERSION = 2;

/** The argument of a request's query that holds a report. */
export const CMCD_PARAMETER = "CMCD";

/** The request headers of the headers mode, lower case. Which key comes in which says nothing: keys are unique among them. */
export const cmcdHeaders = ["cmcd-object", "cmcd-request", "cmcd-session", "cmcd-status"] as const;
