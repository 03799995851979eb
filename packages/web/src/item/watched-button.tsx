import type { MediaReply, Progress } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { request } from "../api/request.js";
import { Icon } from "../design/icon.js";
import { isSeen } from "../library/resume-point.js";
import { rememberProgress } from "../player/progress-saver.js";

/** Says of an item that it was watched, or was not: its resume point goes to the end, or to the start. */
export function WatchedButton({ media, onMarked }: { media: MediaReply; onMarked: () => void }) {
  const problem = useSignal<string | undefined>(undefined);
  const { durationMs } = media;
  if (durationMs === null) return null;
  const watched = isSeen(media.positionMs, durationMs, media.creditsMs);

  async function mark(): Promise<void> {
    const body: Progress = { positionMs: watched ? 0 : (durationMs ?? 0) };
    problem.value = undefined;
    try {
      await request<Progress>(`/api/v1/progress/${encodeURIComponent(media.id)}`, { method: "PUT", body });
      rememberProgress(media.id, body.positionMs);
      onMarked();
    } catch (error) {
      problem.value = error instanceof Error ? error.message : "It could not be kept.";
    }
  }

  return (
    <>
      <button type="button" class="button" aria-pressed={watched} onClick={() => void mark()}>
        <Icon name={watched ? "restart" : "check"} />
        {watched ? "Mark as unwatched" : "Mark as watched"}
      </button>
      {problem.value && (
        <p class="copy-link-word" role="alert">
          {problem.value}
        </p>
      )}
    </>
  );
}
