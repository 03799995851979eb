import type { LibraryReply, MediaReply } from "@playhead/protocol";
import { playHls, type ReadPlaylist, readMaster } from "../../e2e/playlist.js";
import { eventually, type RunningService } from "../../e2e/service.js";

/** The cookie that a browser gets from the printed link. */
export async function signIn({ signInLink }: RunningService): Promise<string> {
  const response = await fetch(signInLink, { redirect: "manual" });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (cookie === undefined) throw new Error(`No cookie at ${signInLink}`);
  return cookie;
}

/** Segments of a film as one viewer asks for them, picture and sound, in order of time. */
export interface Viewing {
  readonly delivery: string;
  readonly sessionId: string;
  readonly playlists: readonly ReadPlaylist[];
  /** Paths of the init segments and of all segments. */
  readonly paths: readonly string[];
  end(): Promise<void>;
}

/** Opens a film as a browser that plays everything in it, or nothing of its picture. */
export async function view(service: RunningService, media: MediaReply, plays: "all" | "nothing"): Promise<Viewing> {
  const reply = await playHls(service, media.id, plays === "all" ? media.codecs : []);
  const playlists = await readMaster(service, reply.master);
  const inits = playlists.map(({ init }) => init.pathname);
  const segments = playlists
    .flatMap((playlist) => playlist.segments)
    .toSorted((a, b) => a.startS - b.startS)
    .map(({ url }) => url.pathname);
  return {
    delivery: reply.delivery,
    sessionId: reply.hlsSessionId ?? "",
    playlists,
    paths: [...inits, ...segments],
    async end() {
      await service.fetch(`/api/v1/hls/${reply.hlsSessionId}`, { method: "DELETE" });
    },
  };
}

/** Waits until the library has nothing left to do in the background. */
export async function postersMade(service: RunningService): Promise<void> {
  await eventually(async () => {
    const { items, scan } = await service.json<LibraryReply>("/api/v1/library");
    return scan === undefined && items.length > 0 && items.every(({ posterUrl }) => posterUrl !== undefined)
      ? true
      : undefined;
  }, 300_000);
}
