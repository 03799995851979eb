import type { MediaReply, MediaTrack } from "@playhead/protocol";

/** What is asked of a browser; `thisBrowser()` is the real one. */
export interface BrowserProbe {
  /** `MediaSource` or `ManagedMediaSource`; absent where the browser has neither. */
  readonly isTypeSupported?: (type: string) => boolean;
  readonly canPlayType: (type: string) => "" | "maybe" | "probably";
  /** The Media Capabilities API: also knows how large a picture the decoder takes. */
  readonly decodingInfo?: (configuration: MediaDecodingConfiguration) => Promise<{ readonly supported: boolean }>;
}

/** Who fetches the segments: our player (`mse`), or the browser itself (`native`). */
export type HlsEngine = "mse" | "native" | "none";

export interface Capabilities {
  readonly engine: HlsEngine;
  /** The codec strings of the item that this browser plays. */
  readonly supported: readonly string[];
  /** Whether the file as it is would play from a plain address. */
  readonly playsFile: boolean;
}

/** Containers that some browser plays from a plain address. Matroska is not among them, whatever its codecs. */
const fileTypes: Readonly<Record<string, string>> = { mp4: "video/mp4", mov: "video/mp4", webm: "video/webm" };

/** A codec that nobody has. Whoever claims it says yes to everything and is not believed. */
const NONSENSE = 'video/mp4; codecs="none.0"';

const HLS_TYPE = "application/vnd.apple.mpegurl";

export function thisBrowser(): BrowserProbe {
  const video = document.createElement("video");
  const source = mediaSource();
  return {
    canPlayType: (type) => video.canPlayType(type),
    ...(source && { isTypeSupported: (type: string) => source.isTypeSupported(type) }),
    ...("mediaCapabilities" in navigator && {
      decodingInfo: (configuration: MediaDecodingConfiguration) =>
        navigator.mediaCapabilities.decodingInfo(configuration),
    }),
  };
}

interface SourceClass {
  isTypeSupported(type: string): boolean;
}

/** Safari on phones has the managed kind only. */
function mediaSource(): SourceClass | undefined {
  const kinds: readonly unknown[] = ["ManagedMediaSource", "MediaSource"].map((name) => Reflect.get(globalThis, name));
  return kinds.find(isSourceClass);
}

function isSourceClass(kind: unknown): kind is SourceClass {
  return typeof kind === "function" && "isTypeSupported" in kind && typeof kind.isTypeSupported === "function";
}

export function hlsEngine(browser: BrowserProbe): HlsEngine {
  if (browser.isTypeSupported?.('video/mp4; codecs="avc1.42E01E,mp4a.40.2"')) return "mse";
  return browser.canPlayType(HLS_TYPE) === "" ? "none" : "native";
}

/** Asks the browser about each codec string of the item. Prefers no over a yes that it could not keep. */
export async function askCapabilities(media: MediaReply, browser: BrowserProbe): Promise<Capabilities> {
  const says = believed(browser);
  const codecs = [...new Set(media.codecs)];
  const answers = await Promise.all(codecs.map((codec) => plays(codec, media, browser, says)));
  const supported = codecs.filter((_, i) => answers[i]);
  return { engine: hlsEngine(browser), supported, playsFile: playsFile(media, supported, browser) };
}

type Says = (type: string) => boolean;

/** The most exact answer that the browser gives for segments: that of MSE, else a `probably` of the video element. */
function believed(browser: BrowserProbe): Says {
  const ask: Says = (type) =>
    browser.isTypeSupported ? browser.isTypeSupported(type) : browser.canPlayType(type) === "probably";
  return ask(NONSENSE) ? () => false : ask;
}

async function plays(codec: string, media: MediaReply, browser: BrowserProbe, says: Says): Promise<boolean> {
  const track = media.tracks.find((each) => each.codecString === codec);
  const kind = track?.kind === "audio" ? "audio" : "video";
  // HLS segments are MP4, so that is what counts; a WebM file may also be played as the file it is.
  const types = media.container === "webm" ? ["mp4", "webm"] : ["mp4"];
  const type = types.map((each) => `${kind}/${each}; codecs="${codec}"`).find(says);
  if (type === undefined) return false;
  return kind === "audio" || track === undefined || (await decodes(type, track, browser));
}

/** A codec may be known and its pictures yet be too large for the decoder. Who can't tell is believed as before. */
async function decodes(contentType: string, track: MediaTrack, browser: BrowserProbe): Promise<boolean> {
  const { width, height } = track;
  if (!browser.decodingInfo || !width || !height) return true;
  const video = { contentType, width, height, bitrate: track.bitrateBps || 8_000_000, framerate: track.fps || 25 };
  try {
    const { supported } = await browser.decodingInfo({
      type: browser.isTypeSupported ? "media-source" : "file",
      video,
    });
    return supported;
  } catch {
    return true;
  }
}

function playsFile(media: MediaReply, supported: readonly string[], browser: BrowserProbe): boolean {
  const type = fileTypes[media.container ?? ""];
  if (type === undefined || media.codecs.some((codec) => !supported.includes(codec))) return false;
  return browser.canPlayType(`${type}; codecs="${media.codecs.join(",")}"`) === "probably";
}
