import type Hls from "hls.js";
import type { Fragment } from "hls.js";
import type { HeadStart } from "../head-start.js";
import { type Cut, playlistCuts } from "../playlist-cuts.js";
import { append, findJoin, type Span } from "./find-join.js";
import { renditionIn } from "./rungs.js";

/** How far ahead of the playhead the new level takes over, at rate 1, seconds; each time that it was not there in time, twice as far. */
const LEAD_S = 3;
const MOST_LEAD_S = 24;
/** The decoder is this far ahead of the playhead: what is nearer is not replaced any more, seconds. */
const TOO_NEAR_S = 0.3;
/** Times in playlists are rounded: what begins at the place shall be gone, what ends there shall not, seconds. */
const EARLY_S = 0.004;
/** A copy costs nothing: it is loaded so far beyond the place where it may end, in case the new level comes late, seconds. */
const RESERVE_S = 6;
/** A level that the server could not give is asked for again after this, twice as long each time, ms. */
const RETRY_MS = 2_000;
const MOST_RETRY_MS = 60_000;

export interface LevelSwitchOptions {
  readonly headStart: Pick<HeadStart, "fetchPlaylist" | "fetchNext">;
  /** An address in the present session. */
  readonly current: (url: string) => string;
  readonly isOriginal: (rendition: string) => boolean;
}

/** The viewer's own choice of a level. */
export interface LevelSwitch {
  /** Turns to that rendition for good, soon; undefined: back to the automatic choice. */
  turnTo(rendition: string | undefined): void;
  stop(): void;
}

interface Turn {
  readonly level: number;
  readonly init: string | undefined;
  readonly cuts: readonly Cut[];
  leadS: number;
  retryMs: number;
  /** Where the new level shall take over, and whether its segment there has arrived. */
  join?: { readonly atS: number; isHere: boolean } | undefined;
  /** The server could not give the new level: until this time (`performance.now()`) it is not asked again. */
  restUntil: number;
  retry?: ReturnType<typeof setTimeout>;
}

/**
 * Turns to another level without a gap: the old one plays on, and is loaded on, until the first segment of the new one
 * is here; only then is what is buffered replaced, from a place where segments of both begin. However long the server
 * takes to make that segment, nobody waits for it.
 *
 * hls.js' own `nextLevel` throws the buffer away first and cuts within segments: pictures there need others that the cut
 * takes away, and a segment of the new level that begins before the playhead leaves it without a keyframe to go on from.
 */
export function createLevelSwitch(HlsClass: typeof Hls, hls: Hls, options: LevelSwitchOptions): LevelSwitch {
  const { Events } = HlsClass;
  const stopped = new AbortController();
  let spans: readonly Span[] = [];
  /** Chosen before there were levels to choose from. */
  let early: string | undefined;
  let turn: Turn | undefined;
  let asked = 0;

  const startsOf = (level: number) => hls.levels[level]?.details?.fragments.map(({ start }) => start) ?? [];

  const end = (): void => {
    clearTimeout(turn?.retry);
    turn = undefined;
    asked++;
    hls.resumeBuffering();
  };

  const turnTo = (rendition: string | undefined): void => {
    end();
    early = hls.levels.length === 0 ? rendition : undefined;
    if (rendition === undefined) {
      hls.loadLevel = -1;
      return;
    }
    const level = hls.levels.findIndex(({ uri }) => renditionIn(uri) === rendition);
    if (level < 0) return;
    // Whatever comes of it, the automatic choice is over.
    hls.loadLevel = hls.loadLevel >= 0 ? hls.loadLevel : level;
    if (level !== hls.loadLevel) void begin(level, RETRY_MS);
  };

  /** Learns how the new level is cut. */
  const begin = async (level: number, retryMs: number): Promise<void> => {
    const mine = ++asked;
    if (hasNothingToPlay()) return takeAtOnce(level);
    try {
      const url = new URL(options.current(hls.levels[level]?.uri ?? ""), location.href).href;
      const { init, cuts } = playlistCuts(await options.headStart.fetchPlaylist(url));
      if (mine !== asked || stopped.signal.aborted) return;
      const absolute = (part: string) => new URL(part, url).href;
      turn = {
        level,
        init: init === undefined ? undefined : absolute(init),
        cuts: cuts.map((cut) => ({ ...cut, url: absolute(cut.url) })),
        leadS: LEAD_S,
        retryMs: RETRY_MS,
        restUntil: 0,
      };
      look();
    } catch {
      if (mine !== asked) return;
      const again = setTimeout(
        () => mine === asked && void begin(level, Math.min(retryMs * 2, MOST_RETRY_MS)),
        retryMs,
      );
      stopped.signal.addEventListener("abort", () => clearTimeout(again));
    }
  };

  /** What can be played from here on without a pause, picture and sound: where that ends. */
  const playableTo = (): number => {
    const { media } = hls;
    if (!media) return 0;
    const { buffered, currentTime } = media;
    for (let i = 0; i < buffered.length; i++) {
      if (buffered.start(i) <= currentTime + TOO_NEAR_S && currentTime < buffered.end(i)) return buffered.end(i);
    }
    return currentTime;
  };
  const hasNothingToPlay = () => !hls.media?.ended && playableTo() - (hls.media?.currentTime ?? 0) <= 0;

  /** There is nothing to go on with meanwhile. */
  const takeAtOnce = (level: number): void => {
    end();
    // Flushes what is buffered elsewhere as well; without a video element there is nothing to flush.
    if (hls.media) hls.currentLevel = level;
    else hls.loadLevel = level;
  };

  const look = (): void => {
    const { media } = hls;
    if (!turn || !media) return;
    const { level, join } = turn;
    const now = media.currentTime;
    const rate = Math.max(1, media.playbackRate);
    const isCheaper = (hls.levels[level]?.averageBitrate ?? 0) < (hls.levels[hls.loadLevel]?.averageBitrate ?? 0);
    // The network, or the encoder, does not keep up with the old level: the lesser one is the way out.
    if (hasNothingToPlay() && (join?.isHere || isCheaper)) return takeAtOnce(level);
    if (performance.now() < turn.restUntil) return;
    if (!join || join.atS < now + TOO_NEAR_S * rate) return choosePlace(turn, now, rate);
    const has = playableTo();
    if (join.isHere) {
      if (has >= join.atS - TOO_NEAR_S) replace(level, join.atS);
      return;
    }
    const isCopy = options.isOriginal(renditionIn(hls.levels[hls.loadLevel]?.uri) ?? "");
    // What is beyond will be thrown away. hls.js has asked for one segment more by then: that one is played if the new one is late.
    if (has >= join.atS + (isCopy ? RESERVE_S * rate : 0) - EARLY_S) hls.pauseBuffering();
  };

  /** Asks for the new level's segment at the next place where it can take over. */
  const choosePlace = (mine: Turn, now: number, rate: number): void => {
    hls.resumeBuffering();
    if (mine.join) mine.leadS = Math.min(mine.leadS * 2, MOST_LEAD_S);
    const starts = mine.cuts.map(({ start }) => start);
    const atS = findJoin(starts, now + mine.leadS * rate, spans, hls.loadLevel, startsOf);
    if (atS === undefined) {
      mine.join = undefined;
      // The rest of the film is as good as seen; what is loaded after a seek back is of the new level.
      if (isFilmLoaded()) takeLater(mine.level);
      return;
    }
    const join = { atS, isHere: false };
    mine.join = join;
    const cut = mine.cuts.find(({ start }) => start === atS);
    // The segment first: its encoder begins there, and tells the init by the way.
    const urls = [cut?.url, mine.init].flatMap((url) => (url === undefined ? [] : options.current(url)));
    void options.headStart.fetchNext(urls).then(
      () => arrived(mine, join, true),
      () => arrived(mine, join, false),
    );
    look();
  };

  const arrived = (mine: Turn, join: Turn["join"], isHere: boolean): void => {
    if (turn !== mine || !join || mine.join !== join) return;
    if (isHere) {
      join.isHere = true;
      return look();
    }
    mine.join = undefined;
    mine.restUntil = performance.now() + mine.retryMs;
    // A paused film has no other clock.
    mine.retry = setTimeout(look, mine.retryMs);
    mine.retryMs = Math.min(mine.retryMs * 2, MOST_RETRY_MS);
    hls.resumeBuffering();
  };

  const isFilmLoaded = () => {
    const { details } = hls.levels[hls.loadLevel] ?? {};
    return details !== undefined && playableTo() >= details.edge - 0.5;
  };

  const takeLater = (level: number): void => {
    end();
    hls.loadLevel = level;
  };

  /** The new level's segment is here: the old one makes room for it. */
  const replace = (level: number, atS: number): void => {
    const mine = ++asked;
    clearTimeout(turn?.retry);
    turn = undefined;
    // Nothing is asked for until the old level is gone: it would be asked for behind it.
    hls.pauseBuffering();
    const { frag } = hls.inFlightFragments.main;
    if (frag && isLoading(frag)) {
      frag.abortRequests();
      hls.trigger(Events.FRAG_LOAD_EMERGENCY_ABORTED, { frag, part: null, stats: frag.stats });
    }
    hls.loadLevel = level;
    const flush = (): void => {
      hls.once(Events.BUFFER_FLUSHED, () => {
        if (mine === asked) hls.resumeBuffering();
      });
      hls.trigger(Events.BUFFER_FLUSHING, {
        startOffset: atS - EARLY_S,
        endOffset: Number.POSITIVE_INFINITY,
        type: "video",
      });
    };
    // Its playlist is known: hls.js only has to read it.
    if (hls.levels[level]?.details) flush();
    else hls.once(Events.LEVEL_UPDATED, () => mine === asked && flush());
  };

  const onBuffered = (_: unknown, { frag }: { readonly frag: Fragment }): void => {
    if (!isPicture(frag)) return;
    spans = append(spans, { start: frag.start, end: frag.end, level: frag.level });
    look();
  };
  const onParsed = (): void => {
    if (early !== undefined) turnTo(early);
  };
  const onSeeking = (): void => {
    if (!turn) return;
    turn.join = undefined;
    turn.leadS = LEAD_S;
    // Where nothing is buffered nothing of the old level needs to be.
    if (hasNothingToPlay()) takeAtOnce(turn.level);
    else look();
  };
  const listenTo = (media: HTMLMediaElement): void => {
    const { signal } = stopped;
    for (const type of ["timeupdate", "waiting"]) media.addEventListener(type, look, { signal });
    media.addEventListener("seeking", onSeeking, { signal });
  };

  hls.on(Events.FRAG_BUFFERED, onBuffered);
  hls.on(Events.MANIFEST_PARSED, onParsed);
  if (hls.media) listenTo(hls.media);
  else hls.once(Events.MEDIA_ATTACHED, (_, { media }) => listenTo(media));
  return {
    turnTo,
    stop() {
      stopped.abort();
      clearTimeout(turn?.retry);
      turn = undefined;
      asked++;
      hls.off(Events.FRAG_BUFFERED, onBuffered);
      hls.off(Events.MANIFEST_PARSED, onParsed);
    },
  };
}

const isLoading = ({ stats }: Fragment): boolean =>
  stats.loading.start > 0 && stats.loading.end === 0 && !stats.aborted;

/** hls.js' own names are enums, which a type-only import does not bring. */
function isPicture({ type, sn }: Fragment): boolean {
  const kind: string = type;
  return kind === "main" && sn !== "initSegment";
}
