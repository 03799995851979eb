import type { LibraryItem, MediaReply, PlaybackReply } from "@playhead/protocol";
import { Icon } from "../design/icon.js";
import { fullName } from "../library/arrange.js";
import { goBack } from "../router/router.js";
import "./media-chrome.js";

/** Back, what is playing, and how it comes here. */
export function TopBar({ media, plan }: { media: MediaReply; plan: PlaybackReply | undefined }) {
  const item = `/media/${encodeURIComponent(media.id)}`;
  return (
    <div slot="top-chrome" class="player-top">
      <a
        class="player-button"
        href={item}
        aria-label="Back"
        title="Back (Esc)"
        onClick={(event) => {
          event.preventDefault();
          goBack(item);
        }}
      >
        <Icon name="back" size={24} />
      </a>
      <div class="player-title">
        <h1 class="title-face">{media.title}</h1>
        {media.series !== undefined && <p class="mono">{fullName(media)}</p>}
      </div>
      {plan && (
        <span class="player-delivery mono" title={plan.reasons.join("\n")}>
          {deliveryNames[plan.delivery]}
        </span>
      )}
    </div>
  );
}

export const deliveryNames = { direct: "direct", copy: "repackaged", transcode: "converted" } as const;

export interface BottomBarProps {
  readonly video: HTMLVideoElement | null;
  readonly previous: LibraryItem | undefined;
  readonly next: LibraryItem | undefined;
  readonly onGoTo: (clickedAt: number, item: LibraryItem) => void;
  readonly children: preact.ComponentChildren;
}

/** Seek bar and buttons. `children`: the settings. */
export function BottomBar({ video, previous, next, onGoTo, children }: BottomBarProps) {
  const skip = (seconds: number) => {
    if (video) video.currentTime = Math.max(0, Math.min(video.duration || 0, video.currentTime + seconds));
  };
  return (
    <div class="player-bottom">
      <media-time-range class="player-seek">
        <media-preview-thumbnail slot="preview" />
        <media-preview-chapter-display slot="preview" />
        <media-preview-time-display slot="preview" />
      </media-time-range>
      <media-control-bar class="player-bar">
        <media-play-button notooltip title="Play or pause (space)">
          <Icon slot="play" name="play" size={24} />
          <Icon slot="pause" name="pause" size={24} />
          <Icon slot="replay" name="replay" size={24} />
        </media-play-button>
        <button
          type="button"
          class="player-button player-skip"
          aria-label="Back 10 seconds"
          title="Back 10 seconds (J)"
          onClick={() => skip(-10)}
        >
          <Icon name="back10" size={24} />
        </button>
        <button
          type="button"
          class="player-button player-skip"
          aria-label="Ahead 10 seconds"
          title="Ahead 10 seconds (L)"
          onClick={() => skip(10)}
        >
          <Icon name="ahead10" size={24} />
        </button>
        {previous && <EpisodeButton word="Previous" item={previous} onGoTo={onGoTo} />}
        {next && <EpisodeButton word="Next" item={next} onGoTo={onGoTo} />}
        <media-time-display showduration notoggle />
        <span class="player-space" />
        <div class="player-volume">
          <media-mute-button notooltip title="Sound on or off (M)">
            <Icon slot="off" name="muted" size={22} />
            <Icon slot="low" name="quiet" size={22} />
            <Icon slot="medium" name="quiet" size={22} />
            <Icon slot="high" name="audio" size={22} />
          </media-mute-button>
          <media-volume-range />
        </div>
        {children}
        <media-pip-button notooltip title="Picture in picture">
          <Icon slot="enter" name="pip" size={22} />
          <Icon slot="exit" name="pip" size={22} />
        </media-pip-button>
        <media-fullscreen-button notooltip title="Full screen (F)">
          <Icon slot="enter" name="enlarge" size={22} />
          <Icon slot="exit" name="shrink" size={22} />
        </media-fullscreen-button>
      </media-control-bar>
    </div>
  );
}

interface EpisodeButtonProps {
  readonly word: "Previous" | "Next";
  readonly item: LibraryItem;
  readonly onGoTo: BottomBarProps["onGoTo"];
}

function EpisodeButton({ word, item, onGoTo }: EpisodeButtonProps) {
  return (
    <button
      type="button"
      class="player-button player-episode"
      data-word={word}
      aria-label={`${word} episode: ${item.title}`}
      title={`${word}: ${fullName(item)} (${word === "Next" ? "N" : "P"})`}
      onClick={(event) => onGoTo(event.timeStamp, item)}
    >
      <Icon name="skip" size={22} />
    </button>
  );
}
