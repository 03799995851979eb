import { listen, type Stop } from "./listen.js";
import type { Observed } from "./observed.js";

/** What the element says by itself: its source, play, pause, the end; and a source taken away in mid-play. */
export function observeElement(
  { video, clock, playback, ownSeek }: Observed,
  autoplay: boolean,
  onEnded: () => void,
): Stop {
  return listen(
    video,
    ["loadstart", "play", "playing", "pause", "ended", "emptied", "canplay"],
    (event) => {
      const at = clock.eventTime(event);
      switch (event.type) {
        case "loadstart":
          playback.load(at, video.currentSrc);
          break;
        case "play":
        case "playing":
          if (video.paused) break;
          playback.play(at, autoplay);
          if (event.type === "playing") playback.recover(at);
          break;
        case "pause":
          // The end of the media pauses the element just before `ended`: that is no pause of the viewer's.
          if (!video.ended) playback.pause(at);
          break;
        case "ended":
          playback.ended(at);
          onEnded();
          break;
        case "emptied":
          // A new source inside the view: for the viewer it is a stall, and the seek back to the place is the player's.
          if (playback.started) ownSeek.expected = true;
          playback.stall(at);
          break;
        case "canplay":
          // `load()` pauses without saying so; nobody pressed play again.
          if (video.paused && !video.ended) playback.pause(at);
          if (!playback.stalled) ownSeek.expected = false;
          break;
      }
    },
    { capture: true },
  );
}
