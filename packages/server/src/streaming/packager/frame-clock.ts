/** Samples per frame of the audio codecs: AAC, HE-AAC, MP3, AC-3, Opus at 48 kHz, FLAC's usual block. */
const frameLengths = [120, 240, 480, 512, 576, 960, 1024, 1152, 1536, 1920, 2048, 2880, 4096, 4608];

/** Times of ms resolution are off by up to half of it, at both ends. */
const toleranceS = 0.0016;

/**
 * Finds how many samples a frame holds, from the times of the track's first packets.
 * @param times seconds, ascending.
 * @returns undefined when they keep no beat that an audio codec has.
 */
export function frameLengthOf(times: readonly number[], timescale: number): number | undefined {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || times.length < 2) return undefined;
  const measured = ((last - first) / (times.length - 1)) * timescale;
  const slack = (toleranceS * timescale) / (times.length - 1) + 0.5;
  const near = frameLengths.filter((length) => Math.abs(length - measured) <= slack);
  return near.length === 1 ? near[0] : undefined;
}

/**
 * The exact times of audio packets whose container rounds them (Matroska: to ms). A packet near the grid that starts at
 * `anchor` lies on it; the one after a packet lies one frame later, if it is near to that; a real gap stays a gap.
 *
 * @param times seconds on the plan's timeline, ascending.
 * @param anchor time of the track's first packet, seconds.
 * @returns ticks of 1/timescale s.
 */
export function frameTicks(
  times: readonly number[],
  timescale: number,
  frame: number | undefined,
  anchor: number,
): number[] {
  if (frame === undefined) return times.map((time) => Math.round(time * timescale));
  const tolerance = toleranceS * timescale;
  const origin = Math.round(anchor * timescale);
  const ticks: number[] = [];
  for (const time of times) {
    const raw = time * timescale;
    const previous = ticks.at(-1);
    const expected = previous === undefined ? origin + Math.round((raw - origin) / frame) * frame : previous + frame;
    ticks.push(Math.abs(raw - expected) <= tolerance ? expected : Math.round(raw));
  }
  return ticks;
}
