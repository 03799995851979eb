import type { Quality, Rung } from "@playhead/protocol";

/** The folder of a rendition's playlist or segment: its name in the server's answer. */
export function renditionIn(url: string | undefined): string | undefined {
  return url?.split(/[?#]/, 1)[0]?.split("/").at(-2);
}

/** What choosing this rung means for other films, too. */
export const qualityOf = ({ original, lines }: Rung): Quality => (original ? "original" : lines);

/** `Original (1080p, 5.2 Mbit/s)`, `720p, 2.4 Mbit/s`. */
export function rungName({ original, lines, bitrateBps }: Rung): string {
  const rate = bitrateBps >= 1e6 ? `${(bitrateBps / 1e6).toFixed(1)} Mbit/s` : `${Math.round(bitrateBps / 1e3)} kbit/s`;
  return original ? `Original (${lines}p, ${rate})` : `${lines}p, ${rate}`;
}

/** `Automatic (720p)`: what it is at now. */
export function automaticName(shown: Rung | undefined): string {
  if (shown === undefined) return "Automatic";
  return `Automatic (${shown.original ? "Original" : `${shown.lines}p`})`;
}
