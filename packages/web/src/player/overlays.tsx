import type { LibraryItem, MediaReply } from "@playhead/protocol";
import type { ComponentChildren } from "preact";
import { Icon } from "../design/icon.js";
import { timecode } from "../design/timecode.js";
import { fullName } from "../library/arrange.js";
import { useCountdown } from "./auto-advance.js";
import "./overlays.css";

type Named = Pick<LibraryItem, "title" | "series" | "season" | "episode">;

/** What it is, as its page has it: the series and the episode small above the title. */
function Name({ of: item, before = "" }: { of: Named; before?: string }) {
  const place = item.series === undefined ? "" : fullName(item);
  const label = [before, place].filter(Boolean).join(" · ");
  return (
    <>
      {label && <p class="label">{label}</p>}
      <h2 class="title-face">{item.title}</h2>
    </>
  );
}

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
      <Name of={media} />
      <div class="player-sheet-actions">
        <button
          type="button"
          class="button"
          data-kind="primary"
          autofocus
          onClick={(event) => onChoose(atMs, event.timeStamp)}
        >
          <Icon name="play" /> Resume from {timecode(atMs)}
        </button>
        <button type="button" class="button" onClick={(event) => onChoose(0, event.timeStamp)}>
          <Icon name="restart" /> Play from the start
        </button>
      </div>
    </Sheet>
  );
}

export function BlockedSheet({ media, onPlay }: { media: MediaReply; onPlay: (clickedAt: number) => void }) {
  return (
    <Sheet>
      <Name of={media} />
      <div class="player-sheet-actions">
        <button type="button" class="button" data-kind="primary" autofocus onClick={(event) => onPlay(event.timeStamp)}>
          <Icon name="play" /> Play
        </button>
      </div>
    </Sheet>
  );
}

export interface FailedSheetProps {
  readonly media: MediaReply;
  /** Something of it was seen before it failed. */
  readonly begun: boolean;
  readonly message: string;
  readonly onRetry: (clickedAt: number) => void;
  readonly onBack: () => void;
}

export function FailedSheet({ media, begun, message, onRetry, onBack }: FailedSheetProps) {
  return (
    <Sheet alert>
      <p class="label">{fullName(media)}</p>
      <h2 class="title-face">{begun ? "The film has stopped" : "The film did not start"}</h2>
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
  readonly video: HTMLVideoElement;
  readonly next: LibraryItem | undefined;
  readonly onNext: (clickedAt: number) => void;
  readonly onAgain: () => void;
  readonly onBack: () => void;
}

/** The end; the next episode begins by itself soon, where there is one. */
export function EndedSheet({ video, next, onNext, onAgain, onBack }: EndedSheetProps) {
  const { leftS, isInDoubt, cancel } = useCountdown(video, next !== undefined, () => onNext(performance.now()));
  const left = leftS.value;
  return (
    <Sheet>
      {next ? <Name of={next} before="Next" /> : <h2 class="title-face">The end</h2>}
      {next && isInDoubt && <p>Are you still watching?</p>}
      {left !== undefined && <p role="status">{`Next episode in ${left} s`}</p>}
      <div class="player-sheet-actions">
        {next && (
          <button
            type="button"
            class="button"
            data-kind="primary"
            autofocus
            onClick={(event) => onNext(event.timeStamp)}
          >
            <Icon name="play" /> Play next
          </button>
        )}
        {left !== undefined && (
          <button type="button" class="button" onClick={cancel}>
            Stay here
          </button>
        )}
        <button type="button" class="button" autofocus={!next} onClick={onAgain}>
          Watch again
        </button>
        <button type="button" class="button" onClick={onBack}>
          Back
        </button>
      </div>
    </Sheet>
  );
}
