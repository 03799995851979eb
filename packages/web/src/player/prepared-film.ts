import type { PlaybackReply, PreloadReply } from "@playhead/protocol";
import type Hls from "hls.js";
import { bufferGoal } from "./buffer-goal.js";
import { createHeadStart, type HeadStart } from "./head-start.js";
import { createHlsLease, type HlsLease } from "./hls-lease.js";
import { createHls } from "./hls-player.js";
import { createScreen } from "./screen.js";
import { WARM_UP } from "./warm-up-header.js";

/** Who holds a prepared film: what its session is renewed by, and who hears of it. */
export interface FilmOwner {
  readonly ask: () => Promise<PlaybackReply>;
  readonly onRenewed: (hlsSessionId: string) => void;
  readonly onChanged: (reply: PlaybackReply) => void;
}

/**
 * A film that stands at its first picture before anybody pressed Play: hls.js on an element outside the page, with the
 * first seconds decoded. It does not play, and asks for nothing more until it is adopted.
 */
export interface PreparedFilm {
  readonly mediaId: string;
  readonly positionMs: number;
  readonly reply: PreloadReply;
  readonly video: HTMLVideoElement;
  readonly hls: Hls;
  readonly HlsClass: typeof Hls;
  readonly lease: HlsLease;
  readonly headStart: HeadStart;
  /** From here on it is played: it may buffer, and its requests keep the session alive. */
  adopt(owner: FilmOwner): void;
  /** Undoes it all; one that was adopted is its player's to end. */
  dispose(): void;
}

export interface PrepareOptions {
  readonly mediaId: string;
  readonly positionMs: number;
  readonly reply: PreloadReply;
  /** How much to fetch ahead, seconds. */
  readonly aheadS: number;
  readonly ask: FilmOwner["ask"];
  /** It can't be made ready; Play will find out why, and do what can be done. */
  readonly onFailed: () => void;
}

export function prepareFilm(HlsClass: typeof Hls, options: PrepareOptions): PreparedFilm | undefined {
  const { mediaId, positionMs, reply, aheadS, onFailed } = options;
  const startS = positionMs / 1000;
  let owner: FilmOwner = { ask: options.ask, onRenewed: () => undefined, onChanged: onFailed };
  let adopted = false;
  const lease = createHlsLease({
    reply,
    ask: () => owner.ask(),
    fetchText: (url) => fetch(url).then((response) => response.text()),
    onRenewed: (id) => owner.onRenewed(id),
    onChanged: (next) => owner.onChanged(next),
  });
  if (!lease) return undefined;
  const headStart = createHeadStart(reply.playlists);
  const headers = (): Record<string, string> => (adopted ? {} : { [WARM_UP]: "1" });
  const hls = createHls(HlsClass, {
    url: reply.url,
    startS,
    lease,
    headStart,
    headers,
    reply,
  });
  const goal = bufferGoal(hls);
  goal.only(aheadS);
  const onError = (_: unknown, { fatal }: { fatal: boolean }): void => {
    if (fatal) onFailed();
  };
  hls.on(HlsClass.Events.ERROR, onError);
  const video = createScreen();
  hls.attachMedia(video);
  hls.loadSource(reply.url);
  return {
    mediaId,
    positionMs,
    reply,
    video,
    hls,
    HlsClass,
    lease,
    headStart,
    adopt(next) {
      owner = next;
      adopted = true;
      goal.all();
      hls.off(HlsClass.Events.ERROR, onError);
    },
    dispose() {
      hls.destroy();
      headStart.drop();
      video.removeAttribute("src");
      video.load();
    },
  };
}
