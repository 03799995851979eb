import type { Context } from "@playhead/protocol";

type Device = NonNullable<Context["device"]>;

/** As long as the protocol lets a version be. */
const MAX_CHARS = 64;

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

/**
 * Browser, version, system and kind of device, as far as a `User-Agent` tells: coarse on purpose, no fingerprint. The header itself
 * is kept nowhere. Undefined for what is no browser that we know: a script, or another server that passes batches on.
 */
export function deviceOf(userAgent: string | undefined): Device | undefined {
  if (userAgent === undefined) return undefined;
  const [browser, sign] = browsers.find(([, sign]) => sign.test(userAgent)) ?? [];
  if (browser === undefined) return undefined;
  const os = systems.find(([, sign]) => sign.test(userAgent))?.[0];
  const browserVersion = sign?.exec(userAgent)?.[1];
  return {
    browser,
    ...(browserVersion !== undefined && { browserVersion: browserVersion.slice(0, MAX_CHARS) }),
    ...(os !== undefined && { os }),
    type: deviceType(userAgent, os),
  };
}

function deviceType(userAgent: string, os: string | undefined): string {
  if (/TV|Tizen|Web0S|BRAVIA|AFT[A-Z]/.test(userAgent)) return "tv";
  if (/iPhone|Mobi/.test(userAgent) && !/iPad/.test(userAgent)) return "phone";
  return os === "iOS" || os === "Android" ? "tablet" : "desktop";
}
