import type { Context } from "@playhead/protocol";
import { known, whole } from "../record/known.js";
import { attempt } from "./guard.js";

type Device = NonNullable<Context["device"]>;

/**
 * The part of `navigator` that is read. `userAgentData` would add nothing: what it gives without asking, the (reduced)
 * string of the same browsers says too.
 */
export interface Agent {
  readonly userAgent: string;
  readonly maxTouchPoints?: number;
}

/** In this order: most browsers also claim to be the ones below them. */
const browsers: readonly (readonly [name: string, sign: RegExp])[] = [
  ["Edge", /Edg(?:e|A|iOS)?\/([\d.]+)/],
  ["Opera", /(?:OPR|Opera)\/([\d.]+)/],
  ["Samsung Internet", /SamsungBrowser\/([\d.]+)/],
  ["Firefox", /(?:Firefox|FxiOS)\/([\d.]+)/],
  ["Chrome", /(?:Chrome|CriOS|HeadlessChrome)\/([\d.]+)/],
  ["Safari", /Version\/([\d.]+).*Safari\//],
];

const systems: readonly (readonly [name: string, sign: RegExp])[] = [
  ["iOS", /iPhone|iPad|iPod/],
  ["Tizen", /Tizen/],
  ["webOS", /Web0S|webOS/],
  ["Android", /Android/],
  ["Chrome OS", /CrOS/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X|Macintosh/],
  ["Linux", /Linux|X11/],
];

/** Browser, version, system and kind of device: coarse on purpose, no fingerprint. */
export function parseAgent({ userAgent, maxTouchPoints = 0 }: Agent): Device {
  const [browser, sign] = browsers.find(([, sign]) => sign.test(userAgent)) ?? [];
  const system = systems.find(([, sign]) => sign.test(userAgent))?.[0];
  // iPadOS says it is a Mac, but no Mac has a touch screen.
  const os = system === "macOS" && maxTouchPoints > 1 ? "iOS" : system;
  return known({ browser, browserVersion: sign?.exec(userAgent)?.[1], os, type: deviceType(userAgent, os) });
}

function deviceType(userAgent: string, os: string | undefined): string {
  if (/TV|Tizen|Web0S|BRAVIA|AFT[A-Z]/.test(userAgent)) return "tv";
  if (/iPhone|Mobi/.test(userAgent) && !/iPad/.test(userAgent)) return "phone";
  return os === "iOS" || os === "Android" ? "tablet" : "desktop";
}

export function readDevice(): Device | undefined {
  return attempt(() => ({
    ...parseAgent(navigator),
    ...known({ screenWidth: whole(screen.width), screenHeight: whole(screen.height) }),
  }));
}
