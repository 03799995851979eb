/** `S01E02`, `E02`, or nothing. */
export function episodeCode(item) {
  const two = (n) => String(n).padStart(2, "0");
  const season = item.season === undefined ? "" : `S${two(item.season)}`;
  return item.episode === undefined ? season : `${season}E${two(item.episode)}`;
}
//# sourceMappingURL=episode-code.js.map
