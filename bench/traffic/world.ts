import type { Delivery } from "@playhead/protocol";
import type { Random } from "../random.js";

/** Something, and how often it is met beside the others of its list. */
export type Weighted<T> = readonly (readonly [weight: number, value: T])[];

export function pick<T>(random: Random, list: Weighted<T>): T {
  let left = random.next() * list.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, value] of list) {
    left -= weight;
    if (left < 0) return value;
  }
  const last = list.at(-1);
  if (last === undefined) throw new RangeError("There is nothing to pick from.");
  return last[1];
}

/** Around a median, mostly within a factor of `spread` of it; whole. */
export function around(random: Random, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.max(1, Math.round(median * spread ** normal));
}

export interface Device {
  readonly browser: string;
  readonly os: string;
  readonly type: string;
  readonly screenWidth: number;
  readonly screenHeight: number;
  readonly player: { readonly name: string; readonly version: string };
  readonly playerWidth: number;
  readonly playerHeight: number;
  readonly playsHevc: boolean;
}

const hlsJs = { name: "hls.js", version: "1.6.13" };
const shaka = { name: "shaka", version: "5.2.12" };
const native = { name: "native", version: "18" };
const desktop = { type: "desktop", screenWidth: 1920, screenHeight: 1080, playerWidth: 1280, playerHeight: 720 };
const phone = { type: "phone", screenWidth: 412, screenHeight: 915, playerWidth: 915, playerHeight: 412 };

export const devices: Weighted<Device> = [
  [34, { ...desktop, browser: "Chrome", os: "Windows", player: hlsJs, playsHevc: true }],
  [9, { ...desktop, browser: "Firefox", os: "Windows", player: hlsJs, playsHevc: false }],
  [6, { ...desktop, browser: "Firefox", os: "Linux", player: shaka, playsHevc: false }],
  [8, { ...desktop, browser: "Edge", os: "Windows", player: hlsJs, playsHevc: true }],
  [9, { ...desktop, browser: "Safari", os: "macOS", player: native, playsHevc: true }],
  [18, { ...phone, browser: "Chrome", os: "Android", player: hlsJs, playsHevc: true }],
  [13, { ...phone, browser: "Safari", os: "iOS", player: native, playsHevc: true }],
  [3, { ...desktop, type: "tv", browser: "Chrome", os: "Android", player: shaka, playsHevc: true }],
];

export interface Place {
  readonly country: string | null;
  /** How much slower than at home the network is. */
  readonly slowness: number;
}

export const places: Weighted<Place> = [
  [40, { country: "DE", slowness: 1 }],
  [18, { country: "SE", slowness: 0.8 }],
  [16, { country: "FR", slowness: 1.1 }],
  [12, { country: "US", slowness: 1.4 }],
  [8, { country: "BR", slowness: 2.2 }],
  [6, { country: null, slowness: 1.2 }],
];

export const cdns: Weighted<string | null> = [
  [55, "edge-a"],
  [30, "edge-b"],
  [15, null],
];

export const plans: Weighted<string> = [
  [70, "free"],
  [30, "paid"],
];

export interface Film {
  readonly mediaId: string;
  readonly codec: string;
  readonly container: string;
  readonly durationMs: number;
  /** Best first; the file's own first of all. */
  readonly rungs: readonly Rung[];
}

export interface Rung {
  readonly bps: number;
  readonly width: number;
  readonly height: number;
}

const ladder: readonly Rung[] = [
  { bps: 8_000_000, width: 1920, height: 1080 },
  { bps: 4_500_000, width: 1920, height: 1080 },
  { bps: 2_500_000, width: 1280, height: 720 },
  { bps: 1_100_000, width: 854, height: 480 },
  { bps: 400_000, width: 426, height: 240 },
];

const formats: Weighted<Pick<Film, "codec" | "container">> = [
  [50, { codec: "avc1.640028,mp4a.40.2", container: "mp4" }],
  [20, { codec: "avc1.640028,ac-3", container: "mkv" }],
  [20, { codec: "hvc1.2.4.L120.B0,mp4a.40.2", container: "mkv" }],
  [10, { codec: "av01.0.08M.10,opus", container: "webm" }],
];

/** Films, those seen most first: the first is seen as often as the second and third together, and so on (Zipf). */
export function films(random: Random, count: number): Weighted<Film> {
  return Array.from({ length: count }, (_, i) => [
    1 / (i + 1),
    {
      mediaId: `film-${String(i + 1).padStart(2, "0")}`,
      ...pick(random, formats),
      durationMs: around(random, 3_600_000, 1.8),
      rungs: ladder,
    },
  ]);
}

/** How a film reaches a device. */
export function deliveryOf(film: Film, device: Device): Delivery {
  if (film.codec.startsWith("hvc1") && !device.playsHevc) return "transcode";
  if (film.codec.includes("ac-3")) return "transcode";
  return film.container === "mp4" ? "direct" : "copy";
}

export const encoders: Weighted<string> = [
  [70, "libx264"],
  [25, "h264_vaapi"],
  [5, "h264_nvenc"],
];

/** An error as players word it; `#` stands for a number that differs each time. */
export interface Fault {
  readonly code: string;
  readonly message: string | null;
  readonly business?: boolean;
}

export const startFaults: Weighted<Fault> = [
  [30, { code: "manifestLoadError", message: "GET https://media.example/hls/#/index.m3u8 failed with status 503" }],
  [25, { code: "fragLoadTimeOut", message: "segment # did not come within # ms" }],
  [20, { code: "bufferAddCodecError", message: "no decoder for hvc1.2.4.L120.B0" }],
  [10, { code: "manifestParsingError", message: null }],
  [15, { code: "geoBlocked", message: "not available in your country", business: true }],
];
export const playFaults: Weighted<Fault> = [
  [45, { code: "fragLoadError", message: "GET https://media.example/hls/#/v0/#.m4s failed with status 404" }],
  [35, { code: "bufferAppendError", message: "decode error at # s" }],
  [20, { code: "sessionExpired", message: "signed out after # minutes", business: true }],
];
export const passingFaults: Weighted<Fault> = [
  [70, { code: "bufferStalledError", message: "stalled at #.# s" }],
  [30, { code: "fragLoadError", message: "GET https://media.example/hls/#/v0/#.m4s failed with status 502" }],
];
