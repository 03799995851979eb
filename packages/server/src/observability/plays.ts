import type { Messages } from "./channels.js";
import type { Handlers } from "./subscriber.js";

type Message<C extends keyof Messages> = Messages[C];

/** What happened from a request to play a film through playlists to its first picture segment. */
export interface Play {
  readonly request: Message<"playhead:playback.request">;
  /** What it had to wait for. */
  readonly waited: Message<"playhead:encoder.wait">[];
  readonly starts: Message<"playhead:ffmpeg.start">[];
  readonly firsts: Message<"playhead:ffmpeg.first_segment">[];
  readonly errors: Message<"playhead:ffmpeg.error">[];
  /** Its requests up to the first picture segment, that one the last. */
  readonly segments: Message<"playhead:segment.request">[];
  /** Undefined: it was given up, or its session ended, at `givenUpAt`. */
  served: Message<"playhead:segment.request"> | undefined;
  /** Unix ms. */
  givenUpAt: number | undefined;
}

export interface Plays {
  readonly handlers: Handlers;
  /** Gives up those that have waited for too long. @param now Unix ms. */
  sweep(now: number): void;
  readonly open: number;
}

/** Longer than any segment is waited for. */
const GIVE_UP_MS = 60_000;
const MAX_OPEN = 5_000;
/** Of each kind of message that a play keeps. */
const MAX_KEPT = 24;

/** Follows each play to its first picture segment, and tells of it then. @param onPlay must not throw. */
export function followPlays(onPlay: (play: Play) => void): Plays {
  const open = new Map<string, Play>();

  function close(id: string, play: Play): void {
    open.delete(id);
    onPlay(play);
  }

  function giveUp(id: string, at: number): void {
    const play = open.get(id);
    if (play === undefined) return;
    play.givenUpAt = at;
    close(id, play);
  }

  function keep<K extends "waited" | "starts" | "firsts" | "errors">(of: K, message: Play[K][number]): void {
    for (const id of message.hlsSessionIds) {
      const kept: Play[K][number][] | undefined = open.get(id)?.[of];
      if (kept !== undefined && kept.length < MAX_KEPT) kept.push(message);
    }
  }

  return {
    get open() {
      return open.size;
    },
    sweep(now) {
      for (const [id, { request }] of open) if (now - request.ts >= GIVE_UP_MS) giveUp(id, now);
    },
    handlers: {
      "playhead:playback.request": (request) => {
        const id = request.hlsSessionId;
        if (id === null) return;
        // Asked for again before it had anything: that one counts.
        if (open.size >= MAX_OPEN && !open.has(id)) return;
        open.set(id, {
          request,
          waited: [],
          starts: [],
          firsts: [],
          errors: [],
          segments: [],
          served: undefined,
          givenUpAt: undefined,
        });
      },
      "playhead:encoder.wait": (message) => keep("waited", message),
      "playhead:ffmpeg.start": (message) => keep("starts", message),
      "playhead:ffmpeg.first_segment": (message) => keep("firsts", message),
      "playhead:ffmpeg.error": (message) => keep("errors", message),
      "playhead:segment.request": (message) => {
        const play = open.get(message.hlsSessionId);
        if (play === undefined) return;
        if (play.segments.length < MAX_KEPT) play.segments.push(message);
        if (message.kind !== "video" || message.index === null || message.outcome !== "sent") return;
        play.served = message;
        close(message.hlsSessionId, play);
      },
      "playhead:hls.session.end": ({ hlsSessionId, ts }) => giveUp(hlsSessionId, ts),
    },
  };
}
