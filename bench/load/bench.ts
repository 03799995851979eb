import type { MediaReply } from "@playhead/protocol";
import type { RunningService } from "../../e2e/service.js";
import type { Report } from "./report.js";

/** What each part of a benchmark works with. */
export interface Bench {
  readonly service: RunningService;
  readonly mediaDir: string;
  readonly scratch: string;
  readonly rounds: number;
  readonly report: Report;
  readonly item: (file: string) => Promise<MediaReply>;
}

/**
 * Settings of a service that is measured. Pictures for the seek bar are made whenever the machine is free, and would be
 * counted as playback: none are.
 */
export const measuredEnv = { PLAYHEAD_THUMBNAILS_MAX: "0" } as const;
