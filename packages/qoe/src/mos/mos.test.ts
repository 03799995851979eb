import { describe, expect, test } from "vitest";
import { type MosInput, mos } from "./mos.js";
import { perSecond } from "./per-second.js";
import { mosFromR, rFromMos } from "./scale.js";

const fullHd = { width: 1920, height: 1080, fps: 25, codec: "avc1.640028" };
const good: MosInput = {
  device: "pc",
  display: { width: 1920, height: 1080 },
  video: [{ durationS: 60, bitrateBps: 8_000_000, ...fullHd }],
  audio: [{ durationS: 60, bitrateBps: 128_000, codec: "mp4a.40.2" }],
  stalls: [],
  initialLoadS: 0,
};
const poor: Partial<MosInput> = {
  video: [{ durationS: 60, bitrateBps: 200_000, ...fullHd, width: 426, height: 240 }],
  audio: [{ durationS: 60, bitrateBps: 64_000, codec: "mp4a.40.2" }],
};
const of = (change: Partial<MosInput> = {}) => {
  const result = mos({ ...good, ...change });
  if (result === null) throw new Error("nothing was scored");
  return result;
};

describe("a clip of a minute", () => {
  test.each([
    ["1080p at 8 Mbit/s", {}, 5, 5, 4.934],
    ["240p at 200 kbit/s", poor, 5, 1.842, 1.835],
    ["a stall of 3 s in the middle", { stalls: [{ atS: 30, durationS: 3 }] }, 4.489, 5, 4.432],
    ["an initial load of 20 s", { initialLoadS: 20 }, 4.007, 5, 3.96],
  ] satisfies [string, Partial<MosInput>, number, number, number][])(
    "%s",
    (_, change, stalling, audiovisual, score) => {
      const result = of(change);
      expect(result.stalling).toBeCloseTo(stalling, 3);
      expect(result.audiovisual).toBeCloseTo(audiovisual, 3);
      expect(result.mos).toBeCloseTo(score, 3);
    },
  );
});

test("video quality grows with the bitrate", () => {
  const qualities = [75, 300, 600, 2500, 12_500].map(
    (kbps) => of({ video: [{ durationS: 60, bitrateBps: kbps * 1000, ...fullHd }] }).video[0],
  );
  expect(qualities.map((quality) => quality?.toFixed(2))).toEqual(["3.56", "3.91", "4.05", "4.30", "4.53"]);
});

test("a better codec makes more of the same bits, and one without coefficients is marked", () => {
  const quality = (codec: string) => {
    const { video, codecApproximated } = of({ video: [{ durationS: 60, bitrateBps: 600_000, ...fullHd, codec }] });
    return { quality: video[0] ?? 0, codecApproximated };
  };
  const h264 = quality("avc1.640028");
  expect(quality("hvc1.1.6.L120.90").quality).toBeGreaterThan(h264.quality);
  expect(quality("vp09.00.41.08").quality).toBeGreaterThan(h264.quality);
  expect(quality("av01.0.08M.08")).toEqual({ quality: quality("hvc1.1.6.L120.90").quality, codecApproximated: true });
  expect(h264.codecApproximated).toBe(false);
});

test("a small screen is kinder to a small picture, and a low frame rate is not", () => {
  expect(of({ ...poor, device: "handheld" }).mos).toBeGreaterThan(of(poor).mos);
  const slow = of({ video: [{ durationS: 60, bitrateBps: 8_000_000, ...fullHd, fps: 12 }] });
  expect(slow.mos).toBeLessThan(of().mos - 0.2);
});

test("quality that swings is worse than the same quality in two halves", () => {
  const high = { durationS: 5, bitrateBps: 8_000_000, ...fullHd };
  const low = { ...high, bitrateBps: 200_000, width: 426, height: 240 };
  const swinging = of({ video: Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? low : high)) });
  const halves = of({ video: [...Array.from({ length: 6 }, () => low), ...Array.from({ length: 6 }, () => high)] });
  expect(swinging.audiovisual).toBeLessThan(halves.audiovisual);
});

test("no audio track takes nothing away", () => {
  expect(of({ audio: [] }).audio.every((quality) => quality === 5)).toBe(true);
});

test("what can't be scored is not", () => {
  expect(mos({ ...good, video: [] })).toBeNull();
  expect(mos({ ...good, video: [{ durationS: 0.9, bitrateBps: 1e6, ...fullHd }] })).toBeNull();
  expect(mos({ ...good, video: [{ durationS: 60, bitrateBps: 0, ...fullHd }] })).toBeNull();
});

test("a second takes the segment in which it ends, once it is whole", () => {
  const segments = [2, 0.5, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 2.9].map((durationS, name) => ({ durationS, name }));
  expect(perSecond(segments, ({ name }) => name)).toEqual([0, 0, 2, 7, 8, 8]);
});

test("the two scales are each other's inverse", () => {
  for (let r = 4; r <= 100; r += 0.37) expect(rFromMos(mosFromR(r))).toBeCloseTo(r, 1);
  expect(rFromMos(0)).toBe(0);
  expect(rFromMos(9)).toBe(100);
});
