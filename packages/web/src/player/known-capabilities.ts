import type { MediaReply } from "@playhead/protocol";
import { askCapabilities, type Capabilities, thisBrowser } from "./capabilities.js";

const known = new Map<string, Promise<Capabilities>>();

/** Asks once an item: the item's page asks while it is read, so that Play needs not wait for it. */
export function capabilitiesFor(media: MediaReply): Promise<Capabilities> {
  const key = `${media.id} ${media.container ?? ""} ${media.codecs.join()}`;
  let answer = known.get(key);
  if (!answer) {
    answer = askCapabilities(media, thisBrowser());
    known.set(key, answer);
  }
  return answer;
}
