import { describe, expect, test } from "vitest";
import { foldView } from "./fold-view.js";
import { mos } from "./mos/mos.js";
import { type Line, view } from "./view-script.js";

const bitrateBps = 8_128_000;
const picture = { width: 1920, height: 1080, playerWidth: 1920, playerHeight: 1080, fps: 25, bitrateBps };
const started: readonly Line[] = [
  [0, "play_request"],
  [0, "first_frame", { startupMs: 0, ...picture }],
];
const fold = (lines: readonly Line[], context = {}) => foldView(view(lines, { context }));

/** What the model itself says of one stretch. */
const scored = (durationS: number, more: Partial<Parameters<typeof mos>[0]> = {}) =>
  mos({
    device: "pc",
    display: { width: 1920, height: 1080 },
    video: [{ durationS, bitrateBps: bitrateBps - 128_000, width: 1920, height: 1080, fps: 25, codec: "avc1" }],
    audio: [{ durationS, bitrateBps: 128_000, codec: "mp4a.40.2" }],
    stalls: [],
    initialLoadS: 0,
    ...more,
  })?.mos ?? Number.NaN;

describe("mean opinion of a view", () => {
  test("is the model's, for one stretch", () => {
    const { mos: found, mosMs } = fold([...started, [60, "end", { reason: "ended" }]]);
    // The first check value of qoe-model §2: 4.934.
    expect(found).toBeCloseTo(4.934, 3);
    expect(mosMs).toBe(60_000);
  });

  test("counts the start and the stalls where they were", () => {
    const lines: readonly Line[] = [
      [0, "play_request"],
      [4, "first_frame", { startupMs: 4000, ...picture }],
      [34, "rebuffer_start", picture],
      [37, "rebuffer_end", { durationMs: 3000 }],
      [67, "end", { reason: "ended" }],
    ];
    const expected = scored(60, { stalls: [{ atS: 30, durationS: 3 }], initialLoadS: 4 });
    expect(fold(lines).mos).toBeCloseTo(expected, 6);
    expect(expected).toBeLessThan(4.4);
  });

  test("is split at seeks and pauses, and averaged by duration", () => {
    const lines: readonly Line[] = [
      [0, "play_request"],
      [8, "first_frame", { startupMs: 8000, ...picture }],
      [28, "seek_start", { toMs: 100_000 }],
      [29, "seek_end", { toMs: 100_000, durationMs: 1000 }],
      [69, "pause"],
      [80, "play"],
      [90, "end", { reason: "left" }],
    ];
    const { mos: found, mosMs } = fold(lines);
    const expected = (scored(20, { initialLoadS: 8 }) * 20 + scored(40) * 40 + scored(10) * 10) / 70;
    expect(found).toBeCloseTo(expected, 6);
    expect(mosMs).toBe(70_000);
  });

  test("is split at five minutes", () => {
    const beats = Array.from(
      { length: 39 },
      (_, i): Line => [(i + 1) * 10, "heartbeat", { positionMs: (i + 1) * 10_000 }],
    );
    const { mos: found, mosMs } = fold([...started, ...beats, [400, "end", { reason: "ended" }]]);
    expect(found).toBeCloseTo((scored(300) * 300 + scored(100) * 100) / 400, 6);
    expect(mosMs).toBe(400_000);
  });

  test("follows the rendition", () => {
    const low = { toBitrateBps: 328_000, toWidth: 426, toHeight: 240 };
    const lines: readonly Line[] = [
      ...started,
      [30, "quality_change", { fromBitrateBps: bitrateBps, ...low, reason: "abr" }],
      [60, "end", { reason: "ended" }],
    ];
    const common = { fps: 25, codec: "avc1" };
    const expected = scored(60, {
      video: [
        { durationS: 30, bitrateBps: 8_000_000, width: 1920, height: 1080, ...common },
        { durationS: 30, bitrateBps: 200_000, width: 426, height: 240, ...common },
      ],
    });
    expect(fold(lines).mos).toBeCloseTo(expected, 6);
  });

  test("knows phones and the codec", () => {
    const lines: readonly Line[] = [...started, [60, "end", { reason: "ended" }]];
    const device = { type: "phone", screenWidth: 400, screenHeight: 800 };
    const video = [{ durationS: 60, bitrateBps: 8_000_000, width: 1920, height: 1080, fps: 25, codec: "hvc1.1.6.L93" }];
    expect(fold(lines, { device, stream: { codec: "hvc1.1.6.L93,mp4a.40.2" } }).mos).toBeCloseTo(
      scored(60, { device: "handheld", video }),
      6,
    );
  });

  test("is null where the bitrate or the size is not known, or nothing played", () => {
    const bare: readonly Line[] = [
      [0, "play_request"],
      [1, "first_frame", { bitrateBps }],
      [60, "end"],
    ];
    expect(fold(bare)).toMatchObject({ mos: null, mosMs: 0, qualityScore: null });
    expect(fold([[0, "play_request"]])).toMatchObject({ mos: null, mosMs: 0, successScore: null });
  });
});

test("the picture's score weighs how far it was blown up by the time", () => {
  const half = { toWidth: 960, toHeight: 540, toBitrateBps: 1_000_000 };
  const lines: readonly Line[] = [
    ...started,
    [30, "quality_change", { fromBitrateBps: bitrateBps, fromWidth: 1920, fromHeight: 1080, ...half, reason: "abr" }],
    [60, "end", { reason: "ended" }],
  ];
  // U is 0 for 30 s and 1 for 30 s: 100·e^(−0.33·(0.15·1 + 0.85·0.5)).
  expect(fold(lines).qualityScore).toBeCloseTo(100 * Math.exp(-0.33 * (0.15 + 0.425)), 6);
});
