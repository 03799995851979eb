import { createHash } from "node:crypto";
import type { PlaybackPlan } from "@playhead/hls";

/** Names a file and how it is cut and delivered: two plans of one fingerprint list the same segments. 40 hex digits. */
export function planFingerprint(fileId: string, plan: PlaybackPlan): string {
  const hash = createHash("sha1").update(fileId);
  for (const { id, plan: segments } of [...plan.video, ...plan.audio]) hash.update(`\n${id}@${segments.version}`);
  return hash.digest("hex");
}
