import { playlistCuts } from "./playlist-cuts.js";

/** hls.js takes the next segment where this one ends within so many seconds (`maxFragLookUpTolerance`). */
const TOLERANCE_S = 0.25;

/** The addresses, relative to a complete playlist, of what a player that begins at `atS` asks for first: init and segment. */
export function firstParts(playlist: string, atS: number): readonly string[] {
  const { init, cuts } = playlistCuts(playlist);
  const segment = cuts.find(({ end }) => end - TOLERANCE_S > atS) ?? cuts.at(-1);
  return [init, segment?.url].filter((part) => part !== undefined);
}
