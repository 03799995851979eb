import { videoCodecQuality } from "./codecs.js";
import { clamp, mosFromR, rFromMos } from "./scale.js";

/** What a second of video is made of. Bits per second, pixels, frames per second. */
export interface VideoSettings {
  readonly bitrateBps: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly codec: string;
}

export interface Viewing {
  readonly device: "pc" | "handheld";
  /** Of the picture on the screen, device pixels. */
  readonly display: { readonly width: number; readonly height: number };
}

/**
 * Video quality of one second, O22, 1–5: what coding, upscaling and a low frame rate take from it.
 * Source: ITU-T P.1203.1 (10/2017), mode 0; the codec mapping is a published extension.
 */
export function videoQuality(video: VideoSettings, { device, display }: Viewing): number {
  const kbps = video.bitrateBps / 1000;
  const pixels = video.width * video.height;
  const coding = codingLoss(kbps, pixels, video.fps);
  const upscaling = upscalingLoss(pixels, display.width * display.height);
  const jerkiness = jerkinessLoss(video.fps, 100 - coding - upscaling);
  const onScreen = mosFromR(100 - clamp(coding + upscaling + jerkiness, 0, 100));
  return videoCodecQuality(video.codec, device === "handheld" ? handheldQuality(onScreen) : onScreen);
}

function codingLoss(kbps: number, pixels: number, fps: number): number {
  const density = (kbps * kbps) / (pixels * fps);
  const quantization =
    11.9983519 - 2.99991847 * Math.log(41.2475074001 + Math.log(kbps) + Math.log(density + 0.13183165961));
  return clamp(100 - rFromMos(clamp(4.66 - 0.07 * Math.exp(4.06 * quantization), 1, 5)), 0, 100);
}

function upscalingLoss(pixels: number, displayPixels: number): number {
  const scale = Math.max(displayPixels / pixels, 1);
  return clamp(72.61 * Math.log10(0.32 * (scale - 1) + 1), 0, 100);
}

/** 24 frames a second are smooth. */
function jerkinessLoss(fps: number, left: number): number {
  return fps >= 24 ? 0 : clamp((left * (30.98 - 1.29 * fps)) / (64.65 + fps), 0, 100);
}

/** On a small screen the same picture is judged more kindly. */
function handheldQuality(x: number): number {
  return clamp(-0.60293 + 2.12382 * x - 0.36936 * x * x + 0.03409 * x * x * x, 1, 5);
}
