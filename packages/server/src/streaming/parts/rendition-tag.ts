import { createHash } from "node:crypto";
import type { Rendition, SubtitleRendition } from "@playhead/hls";

/**
 * Entity tag of a part (RFC 9110 §8.8.3), from its address: strong where each making gives the same bytes, weak where an
 * encoder that began elsewhere may give others that look the same.
 */
export function partTag(fileId: string, rendition: Rendition | SubtitleRendition, part: "init" | number): string {
  const { id, plan } = rendition;
  const address = createHash("sha1")
    .update(JSON.stringify([fileId, id, plan.version]))
    .digest("base64url");
  return `${rendition.kind !== "subtitle" && rendition.mode === "copy" ? "" : "W/"}"${address}-${part}"`;
}
