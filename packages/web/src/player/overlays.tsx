import type { LibraryItem, MediaReply } from "@playhead/protocol";
import type { ComponentChildren } from "preact";
import { Icon } from "../design/icon.js";
import { timecode } from "../design/timecode.js";
import { episodeCode } from "../library/arrange.js";

/** What lies over the picture when something must be said or chosen. */
function Sheet({ children, alert = false }: { children: ComponentChildren; alert?: boolean }) {
  return (
    <div class="player-sheet" role={alert ? "alert" : undefined}>
      <div class="player-sheet-inner">{children}</div>
    </div>
  );
}

export function WaitingMark({ text }: { text: string }) {
  return (
    <div class="player-waiting" role="status">
      <span class="player-waiting-track" aria-hidden="true">
        <i />
      </span>
      <p>{text}</p>
    </div>
  );
}

export interface ResumeSheetProps {
  readonly media: MediaReply;
  readonly atMs: number;
  readonly onChoose: (positionMs: number, clickedAt: number) => void;
}

export function ResumeSheet({ media, atMs, onChoose }: ResumeSheetProps) {
  return (
    <Sheet>
      <h2 class="title-face">{media.title}</h2>
      <div class="player-sheet-actions">
        <button
          type="button"
          class="button"
          data-kind="primary"
          autofocus
          onClick={(event) => onChoose(atMs, event.timeStamp)}
        >
          Resume from {timecode(atMs)}
        </button>
        <button type="button" class="button" onClick={(event) => onChoose(0, event.timeStamp)}>
          Start over
        </button>
      </div>
    </Sheet>
  );
}

export function BlockedSheet({ media, onPlay }: { media: MediaReply; onPlay: (clickedAt: number) => void }) {
  return (
    <Sheet>
      <h2 class="title-face">{media.title}</h2>
      <div class="player-sheet-actions">
        <button type="button" class="button" data-kind="primary" autofocus onClick={(event) => onPlay(event.timeStamp)}>
          <Icon name="play" /> Play
        </button>
      </div>
    </Sheet>
  );
}

export interface FailedSheetProps {
  readonly message: string;
  readonly onRetry: (clickedAt: number) => void;
  readonly onBack: () => void;
}

export function FailedSheet({ message, onRetry, onBack }: FailedSheetProps) {
  return (
    <Sheet alert>
      <h2 class="title-face">The film has stopped</h2>
      <p>{message}</p>
      <div class="player-sheet-actions">
        <button
          type="button"
          class="button"
          data-kind="primary"
          autofocus
          onClick={(event) => onRetry(event.timeStamp)}
        >
          Try again
        </button>
        <button type="button" class="button" onClick={onBack}>
          Back
        </button>
      </div>
    </Sheet>
  );
}

export interface EndedSheetProps {
  readonly next: LibraryItem | undefined;
  readonly onNext: (clickedAt: number) => void;
  readonly onAgain: () => void;
  readonly onBack: () => void;
}

export function EndedSheet({ next, onNext, onAgain, onBack }: EndedSheetProps) {
  return (
    <Sheet>
      {next && <p class="label">Next</p>}
      <h2 class="title-face">{next ? `${episodeCode(next)} ${next.title}`.trim() : "The end"}</h2>
      <div class="player-sheet-actions">
        {next && (
          <button
            type="button"
            class="button"
            data-kind="primary"
            autofocus
            onClick={(event) => onNext(event.timeStamp)}
          >
            Go on
          </button>
        )}
        <button type="button" class="button" onClick={onAgain}>
          Watch again
        </button>
        <button type="button" class="button" onClick={onBack}>
          Back
        </button>
      </div>
    </Sheet>
  );
}
