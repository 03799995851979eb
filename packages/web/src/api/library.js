import { signal } from "@preact/signals";
import { request } from "./request.js";
/** The library as it was last seen. */
export const knownLibrary = signal(undefined);
export function loadLibrary(signal) {
  return request("/api/v1/library", { signal });
}
const media = new Map();
/** What is known of one item; the player starts from what the item's page has loaded already. */
export function knownMedia(id) {
  let known = media.get(id);
  if (!known) {
    known = signal(undefined);
    media.set(id, known);
  }
  return known;
}
export async function loadMedia(id, signal) {
  const reply = await request(`/api/v1/media/${encodeURIComponent(id)}`, signal ? { signal } : {});
  knownMedia(id).value = reply;
  return reply;
}
//# sourceMappingURL=library.js.map
