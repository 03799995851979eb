import { knownLibrary, loadLibrary } from "../api/library.js";
import { useResource } from "../api/resource.js";
import { user } from "../api/user.js";
import { episodeCode } from "../library/episode-code.js";
import { dimensions, valueName } from "./dimensions.js";
/** Films, viewers and codes by the names that people know them by. */
export function useNames() {
  const library = useResource("library", loadLibrary, { memory: knownLibrary, refreshMs: () => 60_000 });
  const items = new Map((library.state.value.value?.items ?? []).map((item) => [item.id, item]));
  const me = user.value;
  const item = (mediaId) => (mediaId === null ? undefined : items.get(mediaId));
  const film = (mediaId) => {
    if (mediaId === null) return "Unnamed film";
    const found = items.get(mediaId);
    return found ? filmName(found) : mediaId;
  };
  const viewer = (viewerId) => {
    if (viewerId === null) return "unknown";
    return viewerId === me?.id ? me.name : shortId(viewerId);
  };
  const value = (dimension, given) => {
    if (given === null) return dimension === "errorCode" ? "No error" : `${dimensions[dimension]} not told`;
    if (dimension === "mediaId") return film(given);
    return dimension === "viewerId" ? viewer(given) : valueName(dimension, given);
  };
  return { item, film, viewer, value };
}
function filmName(item) {
  if (item.series === undefined) return item.title;
  const place = [item.series, episodeCode(item)].filter((part) => part !== "").join(" ");
  return item.title === item.series || item.title === "" ? place : `${place} · ${item.title}`;
}
/** The first part of a UUID tells viewers apart well enough; other ids are shown as they are. */
export function shortId(id) {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id) ? id.slice(0, 8) : id;
}
//# sourceMappingURL=names.js.map
