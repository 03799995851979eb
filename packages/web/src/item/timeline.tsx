import type { MediaReply } from "@playhead/protocol";
import { timecode } from "../design/timecode.js";
import { PlayLink } from "./play-link.js";

export interface TimelineProps {
  readonly media: MediaReply;
  readonly durationMs: number;
  /** Where the marker stands. */
  readonly atMs: number;
}

/** The film as a line: its length, its chapters to step in at, and the marker where the viewer stopped. */
export function Timeline({ media, durationMs, atMs }: TimelineProps) {
  const share = (ms: number) => `${Math.min(100, Math.max(0, (ms / durationMs) * 100))}%`;
  const chapters = media.chapters.length > 1 ? media.chapters : [];
  return (
    <section class="timeline" aria-label="Timeline">
      <div class="timeline-track">
        {chapters.map((chapter, i) => (
          <i
            key={chapter.startMs}
            class="timeline-chapter"
            data-odd={i % 2 === 1}
            style={{ left: share(chapter.startMs), width: share(chapter.endMs - chapter.startMs) }}
          />
        ))}
        <div class="ruler" />
        <i class="timeline-marker" style={{ left: share(atMs) }} />
      </div>
      <p class="timeline-ends mono" aria-hidden="true">
        <span>{timecode(0)}</span>
        {atMs > 0 && <b style={{ left: share(atMs) }}>{timecode(atMs)}</b>}
        <span>{timecode(durationMs)}</span>
      </p>
      {chapters.length > 0 && (
        <ol class="chapters">
          {chapters.map((chapter, i) => (
            <li key={chapter.startMs}>
              <PlayLink class="chapter" mediaId={media.id} positionMs={chapter.startMs}>
                <span class="mono chapter-time">{timecode(chapter.startMs)}</span>
                <span>{chapter.title || `Chapter ${i + 1}`}</span>
              </PlayLink>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
