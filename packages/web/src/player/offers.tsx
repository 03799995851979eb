import type { LibraryItem, MediaReply } from "@playhead/protocol";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon } from "../design/icon.js";
import { episodeCode } from "../library/episode-code.js";
import { Still } from "../library/still.js";
import "../library/still.css";
import { useCountdown } from "./auto-advance.js";
import { seek } from "./follow-keys.js";
import "./offers.css";
import { isSame, type Offer, offerAt } from "./skippable.js";

export interface OffersProps {
  readonly video: HTMLVideoElement;
  readonly media: MediaReply;
  readonly next: LibraryItem | undefined;
  readonly onNext: (clickedAt: number) => void;
  /** Gets what the skip key does at the moment. */
  readonly skipPart: { current: () => void };
}

/** What can be skipped at this place of the film: a button over its corner, or the next episode. */
export function Offers({ video, media, next, onNext, skipPart }: OffersProps) {
  const offer = useSignal<Offer | undefined>(undefined);
  const dismissed = useSignal(false);
  useEffect(() => {
    const stop = new AbortController();
    const look = () => {
      const now = video.ended ? undefined : offerAt(media, video.currentTime * 1000);
      if (isSame(now, offer.peek())) return;
      offer.value = now;
      dismissed.value = false;
    };
    for (const name of ["timeupdate", "seeked", "playing", "ended"]) {
      video.addEventListener(name, look, { signal: stop.signal });
    }
    return () => stop.abort();
  }, [video, media, offer, dismissed]);

  const now = offer.value;
  skipPart.current = () => {
    if (now?.kind === "skip") seek(video, now.chapter.endMs / 1000);
    else if (now?.kind === "next" && next) onNext(performance.now());
  };
  if (now?.kind === "skip") {
    return (
      <button
        type="button"
        class="button player-offer player-skip-part"
        title={`${now.label} (S)`}
        onClick={() => skipPart.current()}
      >
        {now.label} <Icon name="skip" />
      </button>
    );
  }
  if (now?.kind !== "next" || !next || dismissed.value) return null;
  return <NextCard video={video} next={next} onNext={onNext} onDismiss={() => (dismissed.value = true)} />;
}

interface NextCardProps {
  readonly video: HTMLVideoElement;
  readonly next: LibraryItem;
  readonly onNext: (clickedAt: number) => void;
  readonly onDismiss: () => void;
}

/** The next episode, which begins by itself unless the viewer wants to see the credits. */
function NextCard({ video, next, onNext, onDismiss }: NextCardProps) {
  const { leftS, isInDoubt } = useCountdown(video, true, () => onNext(performance.now()));
  return (
    <section class="player-offer next-card" aria-label="Next episode">
      <Still item={{ ...next, positionMs: 0 }} eager mute />
      <div class="next-card-words">
        <p class="label" role="status">
          {isInDoubt ? "Are you still watching?" : `Next episode in ${leftS.value ?? 0} s`}
        </p>
        <p class="next-card-title">
          <span class="mono">{episodeCode(next)}</span> {next.title}
        </p>
        <div class="next-card-actions">
          <button
            type="button"
            class="button"
            data-kind="primary"
            data-size="small"
            onClick={(event) => onNext(event.timeStamp)}
          >
            <Icon name="play" /> Play now
          </button>
          <button type="button" class="button" data-size="small" onClick={onDismiss}>
            Watch credits
          </button>
        </div>
      </div>
    </section>
  );
}
