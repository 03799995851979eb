import type { PlaybackReply } from "@playhead/protocol";

/** The player's hold on an HLS session of the server, which ends it when nobody asks for anything for a while. */
export interface HlsLease {
  /** The session that is served from now. */
  readonly id: string;
  /** The same address in the present session. Addresses of anything else come back as they are. */
  current(url: string): string;
  /** Remembers a media playlist, to hold that of a new session against it. */
  note(url: string, playlist: string): void;
  /**
   * Gets a new session in place of the one that `url` names. False when what it serves is cut differently: then the
   * player must start over, and `onChanged` was told. All who ask while one renewal is under way share it.
   */
  renew(url: string): Promise<boolean>;
  /** Goes on with the session of an answer that was asked for already; as `renew` where it is another one. */
  confirm(answer: Promise<PlaybackReply>): Promise<boolean>;
}

export interface HlsLeaseOptions {
  readonly reply: PlaybackReply;
  /** Asks for playback again: `POST /api/v1/playback`. */
  readonly ask: () => Promise<PlaybackReply>;
  readonly fetchText: (url: string) => Promise<string>;
  readonly onRenewed: (id: string) => void;
  /** The server would deliver it in another way now. */
  readonly onChanged: (reply: PlaybackReply) => void;
}

const SESSION = /(\/api\/v1\/hls\/)([^/?#]+)(?=\/)/;

/** The session id in an address of the HLS routes. */
export function sessionIn(url: string): string | undefined {
  return SESSION.exec(url)?.[2];
}

/** The path of an address of this server, absolute or relative. */
export function serverPath(url: string): string {
  return new URL(url, "http://server").pathname;
}

function inSession(url: string, id: string): string {
  return url.replace(SESSION, (_, route: string) => route + id);
}

/** Undefined for what is no HLS session: a file that is delivered as it is. */
export function createHlsLease(options: HlsLeaseOptions): HlsLease | undefined {
  const { reply, ask, fetchText, onRenewed, onChanged } = options;
  if (reply.hlsSessionId === undefined) return undefined;
  let id = reply.hlsSessionId;
  let noted: { readonly url: string; readonly playlist: string } | undefined;
  let renewal: Promise<boolean> | undefined;

  const sameCut = async (next: string): Promise<boolean> => {
    if (!noted) return true;
    return (await fetchText(inSession(noted.url, next))) === inSession(noted.playlist, next);
  };

  const replace = async (answer: Promise<PlaybackReply>): Promise<boolean> => {
    const next = await answer;
    const nextId = next.delivery === reply.delivery ? next.hlsSessionId : undefined;
    if (nextId === id) return true;
    if (nextId === undefined || !(await sameCut(nextId))) {
      onChanged(next);
      return false;
    }
    id = nextId;
    onRenewed(nextId);
    return true;
  };

  const share = (answer: () => Promise<PlaybackReply>): Promise<boolean> => {
    renewal ??= replace(answer()).finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  return {
    get id() {
      return id;
    },
    current: (url) => (sessionIn(url) === undefined ? url : inSession(url, id)),
    note(url, playlist) {
      noted ??= { url, playlist };
    },
    renew(url) {
      const ended = sessionIn(url);
      if (ended === undefined) return Promise.resolve(false);
      if (ended !== id) return Promise.resolve(true);
      return share(ask);
    },
    confirm: (answer) => share(() => answer),
  };
}
