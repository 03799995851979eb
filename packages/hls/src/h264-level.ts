/** One row of ITU-T H.264 table A-1: what a decoder of this level must manage. */
interface Level {
  readonly level: string;
  /** Macroblocks a second. */
  readonly maxMbps: number;
  /** Macroblocks a frame. */
  readonly maxFrame: number;
  /** kbit/s in Main profile. */
  readonly maxKbps: number;
}

const row = (level: string, maxMbps: number, maxFrame: number, maxKbps: number): Level => ({
  level,
  maxMbps,
  maxFrame,
  maxKbps,
});

const levels: readonly Level[] = [
  row("1.0", 1_485, 99, 64),
  row("1.1", 3_000, 396, 192),
  row("1.2", 6_000, 396, 384),
  row("1.3", 11_880, 396, 768),
  row("2.0", 11_880, 396, 2_000),
  row("2.1", 19_800, 792, 4_000),
  row("2.2", 20_250, 1_620, 4_000),
  row("3.0", 40_500, 1_620, 10_000),
  row("3.1", 108_000, 3_600, 14_000),
  row("3.2", 216_000, 5_120, 20_000),
  row("4.0", 245_760, 8_192, 20_000),
  row("4.1", 245_760, 8_192, 50_000),
  row("4.2", 522_240, 8_704, 50_000),
  row("5.0", 589_824, 22_080, 135_000),
  row("5.1", 983_040, 36_864, 240_000),
  row("5.2", 2_073_600, 36_864, 240_000),
  row("6.0", 4_177_920, 139_264, 240_000),
  row("6.1", 8_355_840, 139_264, 480_000),
  row("6.2", 16_711_680, 139_264, 800_000),
];

/** High profile may use 1.25 times the bit rate of the table (cpbBrVclFactor, table A-2). */
const HIGH_FACTOR = 1.25;

export interface H264Level {
  /** As ffmpeg takes it: `4.0`. */
  readonly level: string;
  /** RFC 6381 of High profile at this level: `avc1.640028`. */
  readonly codecString: string;
}

/** The lowest level that holds pictures of this size (px) at this rate and bit rate in High profile. */
export function h264Level(width: number, height: number, fps: number, bitrateBps: number): H264Level {
  const wide = Math.ceil(width / 16);
  const high = Math.ceil(height / 16);
  const frame = wide * high;
  const fits = levels.find(
    (candidate) =>
      frame <= candidate.maxFrame &&
      frame * fps <= candidate.maxMbps &&
      // No side may be longer than the root of eight times the frame (A.3.1 f, g).
      Math.max(wide, high) <= Math.sqrt(8 * candidate.maxFrame) &&
      bitrateBps <= candidate.maxKbps * 1000 * HIGH_FACTOR,
  );
  const level = fits?.level ?? "6.2";
  const hex = Math.round(Number(level) * 10).toString(16);
  return { level, codecString: `avc1.6400${hex.padStart(2, "0")}` };
}
