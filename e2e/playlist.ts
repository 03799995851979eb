import type { LibraryReply, MediaReply, PlaybackReply } from "@playhead/protocol";
import { eventually, type RunningService } from "./service.js";

/** One media playlist, read as a player would. */
export interface ReadPlaylist {
  readonly url: URL;
  readonly kind: "video" | "audio";
  readonly init: URL;
  readonly segments: readonly { readonly url: URL; readonly startS: number; readonly durationS: number }[];
  readonly ended: boolean;
  /** EXT-X-PLAYLIST-TYPE. */
  readonly type: string;
}

/** Waits until the library has examined all its files, and gives the item of a file. */
export async function itemOf(service: RunningService, file: string): Promise<MediaReply> {
  const item = await eventually(async () => {
    const { items } = await service.json<LibraryReply>("/api/v1/library");
    return items.find((candidate) => candidate.path === file && candidate.status !== "pending");
  }, 60_000);
  return await service.json<MediaReply>(`/api/v1/media/${item.id}`);
}

/** Asks for playlists, as a browser that plays `supported`. */
export async function playHls(
  service: RunningService,
  mediaId: string,
  supported: readonly string[],
  init?: { token?: string },
): Promise<PlaybackReply & { master: URL }> {
  const reply = await service.json<PlaybackReply>("/api/v1/playback", {
    method: "POST",
    body: JSON.stringify({ mediaId, supported, prefer: "hls" }),
    ...init,
  });
  return { ...reply, master: new URL(reply.url, service.origin) };
}

/** Follows the master playlist to its video and one of its sounds. */
export async function readMaster(service: RunningService, master: URL, sound = 0): Promise<ReadPlaylist[]> {
  const text = await (await service.fetch(master.pathname)).text();
  const video = /#EXT-X-STREAM-INF:.*\n(.+)/.exec(text)?.[1];
  const audio = [...text.matchAll(/#EXT-X-MEDIA:.*TYPE=AUDIO.*URI="([^"]+)"/g)][sound]?.[1];
  const playlists = [];
  if (video) playlists.push(await readMedia(service, new URL(video, master), "video"));
  if (audio) playlists.push(await readMedia(service, new URL(audio, master), "audio"));
  return playlists;
}

/** Every video rendition of a master playlist, in its order. */
export async function readRungs(service: RunningService, master: URL): Promise<ReadPlaylist[]> {
  const text = await (await service.fetch(master.pathname)).text();
  const rungs = [...text.matchAll(/#EXT-X-STREAM-INF:.*\n(.+)/g)].map(([, uri]) => new URL(uri ?? "", master));
  return Promise.all(rungs.map((url) => readMedia(service, url, "video")));
}

async function readMedia(service: RunningService, url: URL, kind: ReadPlaylist["kind"]): Promise<ReadPlaylist> {
  const text = await (await service.fetch(url.pathname)).text();
  let at = 0;
  const segments = [...text.matchAll(/#EXTINF:([\d.]+),?.*\n(.+)/g)].map(([, duration, uri]) => {
    const segment = { url: new URL(uri ?? "", url), startS: at, durationS: Number(duration) };
    at += segment.durationS;
    return segment;
  });
  const init = /#EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1] ?? "";
  const type = /#EXT-X-PLAYLIST-TYPE:(\w+)/.exec(text)?.[1] ?? "";
  return { url, kind, init: new URL(init, url), segments, ended: text.includes("#EXT-X-ENDLIST"), type };
}

export async function bytesOf(service: RunningService, url: URL): Promise<Buffer> {
  const response = await service.fetch(url.pathname);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}
