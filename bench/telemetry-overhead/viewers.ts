import { randomUUID } from "node:crypto";
import type { PlaybackLinkReply } from "@playhead/protocol";
import { listen } from "../../packages/server/src/streaming/channels.js";
import type { Server } from "./server.js";

/**
 * So many players of the same film, each with a session and a view of its own, so that the server stores what it does for
 * each. @returns paths of segments, of one viewer after the other
 */
export async function openViewers(server: Server, mediaId: string, count: number): Promise<readonly string[]> {
  const paths: string[][] = [];
  for (let i = 0; i < count; i++) paths.push(await openViewer(server, mediaId));
  const longest = Math.max(...paths.map(({ length }) => length));
  // Neighbours in the list are of different viewers, as requests to a server are.
  return Array.from({ length: longest }, (_, i) => paths.flatMap((of) => of.slice(i, i + 1))).flat();
}

async function openViewer(server: Server, mediaId: string): Promise<string[]> {
  const link = await server.json<PlaybackLinkReply>(`/api/v1/media/${mediaId}/link`, { method: "POST" });
  let hlsSessionId = "";
  const stop = listen("playhead:hls.session.start", (message) => {
    ({ hlsSessionId } = message);
  });
  const { pathname, search } = new URL(link.url, server.origin);
  const master = await server.fetch(`${pathname}${search}`);
  stop();
  const base = master.url.slice(0, master.url.lastIndexOf("/"));
  const rendition = /\n(\S+-copy)\/index\.m3u8/.exec(await master.text())?.[1];
  const playlist = await (await server.fetch(`${base}/${rendition}/index.m3u8`)).text();
  const names = Array.from(playlist.matchAll(/^\d+\.m4s$/gm), ([name]) => name);
  if (names.length === 0) throw new Error(`No segments of ${rendition}`);

  const now = Date.now();
  const events = ["play_request", "first_frame"].map((type, seq) => ({ id: randomUUID(), seq, ts: now + seq, type }));
  const batch = { schema: 1, sentAt: now, context: { viewId: randomUUID(), mediaId, hlsSessionId }, events };
  await server.json("/telemetry", { method: "POST", body: JSON.stringify(batch) });
  return names.map((name) => new URL(`${base}/${rendition}/${name}`).pathname);
}
