import type { Context } from "@playhead/protocol";
import { known, whole } from "../record/known.js";
import { attempt } from "./guard.js";

type Device = NonNullable<Context["device"]>;

export interface Agent {
  readonly userAgent: string;
  /** `navigator.userAgentData` (Chromium), which says plainly what the string only hints at. */
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
    readonly mobile: boolean;
    readonly platform: string;
  };
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

const brandNames: Readonly<Record<string, string>> = {
  "Google Chrome": "Chrome",
  "Microsoft Edge": "Edge",
  HeadlessChrome: "Chrome",
};

/** Browser, version, system and kind of device: coarse on purpose, no fingerprint. */
export function parseAgent(agent: Agent): Device {
  const { userAgent, userAgentData } = agent;
  const [browser, sign] = browsers.find(([, sign]) => sign.test(userAgent)) ?? [];
  // Chromium itself and the made-up brand ("Not A;Brand") are in every list; the remaining one is the product.
  const brand = userAgentData?.brands.find(({ brand }) => !/not.?a|^Chromium$/i.test(brand));
  // iPadOS says it is a Mac, but no Mac has a touch screen.
  const iPad = /Macintosh/.test(userAgent) && (agent.maxTouchPoints ?? 0) > 1;
  const os = iPad ? "iOS" : userAgentData?.platform || systems.find(([, sign]) => sign.test(userAgent))?.[0];
  return known({
    browser: (brand && (brandNames[brand.brand] ?? brand.brand)) ?? browser,
    browserVersion: brand?.version ?? sign?.exec(userAgent)?.[1],
    os,
    type: deviceType(userAgent, userAgentData?.mobile ?? /Mobi/.test(userAgent), iPad),
  });
}

function deviceType(userAgent: string, mobile: boolean, iPad: boolean): string {
  if (/TV|Tizen|Web0S|BRAVIA|AFT[A-Z]/.test(userAgent)) return "tv";
  if (iPad || /iPad|Tablet/.test(userAgent) || (/Android/.test(userAgent) && !mobile)) return "tablet";
  return mobile ? "phone" : "desktop";
}

export function readDevice(): Device | undefined {
  return attempt(
    () => ({
      ...parseAgent(navigator),
      ...known({ screenWidth: whole(screen.width), screenHeight: whole(screen.height) }),
    }),
    undefined,
  );
}
