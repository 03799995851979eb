import { listen, type Stop } from "./listen.js";
import type { Observed } from "./observed.js";

/** A source in mid-play that lasts at most this long, and not half as long as the content, is an ad, seconds. */
const LONGEST_AD = 180;

/**
 * What the element says by itself: its source, play, pause, the end; and a source taken away in mid-play. That may be
 * the same content again (recovery, a renewed session), which goes on, or an ad, after which it goes on.
 */
export function observeElement(
  { video, clock, playback, failures, ownSeek, source, isLive, atEnd }: Observed,
  autoplay: boolean,
): Stop {
  /** How long the content is, seconds; and since when it is gone. */
  let contentS: number | undefined;
  let goneAt = 0;
  return listen(
    video,
    "loadstart play playing pause ended emptied loadedmetadata loadeddata canplay".split(" "),
    (event) => {
      const at = clock.eventTime(event);
      const { duration } = video;
      switch (event.type) {
        case "loadstart":
          if (source()) playback.load(at, source());
          break;
        case "play":
        case "playing":
          if (video.paused) break;
          playback.play(at, autoplay);
          if (event.type === "playing") playback.recover(at);
          break;
        case "pause":
          // The end of the media pauses the element just before `ended`, and an error just after it: no wish of the viewer's.
          if (video.error) playback.stall(at);
          else if (video.paused && !video.ended) playback.pause(at);
          break;
        case "ended":
          atEnd(at);
          break;
        case "emptied":
          // For the viewer a new source is a stall, and the seek back to the place is the player's.
          goneAt = at;
          if (playback.started) ownSeek.expected = true;
          playback.stall(at);
          break;
        case "loadedmetadata":
          // A live stream that is opened anew may have little behind it.
          if (playback.started && contentS && duration < Math.min(LONGEST_AD, contentS / 2) && !isLive())
            playback.leave(at);
          else if (playback.away) {
            ownSeek.expected = true;
            playback.comeBack(goneAt, video.paused);
            playback.stall(goneAt);
          }
          break;
        case "loadeddata":
          failures.recovered(at);
          break;
        case "canplay":
          // `load()` pauses without saying so; nobody pressed play again.
          if (video.paused && !video.ended) playback.pause(at);
          if (!playback.stalled) ownSeek.expected = false;
          break;
      }
      if (duration > 0 && !playback.away) contentS = duration;
    },
    true,
  );
}
