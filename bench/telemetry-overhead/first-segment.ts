import type { MediaReply, PlaybackReply } from "@playhead/protocol";
import type { Server } from "./server.js";

/** From the request to play to the first picture segment, whole, ms. The session is ended afterwards. */
export async function firstSegmentMs(server: Server, media: MediaReply, plays: "all" | "nothing"): Promise<number> {
  const supported = plays === "all" ? media.codecs : [];
  const body = JSON.stringify({ mediaId: media.id, supported, prefer: "hls" });
  const from = performance.now();
  const reply = await server.json<PlaybackReply>("/api/v1/playback", { method: "POST", body });
  const base = reply.url.slice(0, reply.url.lastIndexOf("/"));
  const master = await (await server.fetch(reply.url)).text();
  const rendition = reply.firstRung ?? /\n(\S+)\/index\.m3u8/.exec(master)?.[1];
  await (await server.fetch(`${base}/${rendition}/index.m3u8`)).text();
  const parts = ["init.mp4", "0.m4s"].map(async (part) => {
    const response = await server.fetch(`${base}/${rendition}/${part}`);
    if (!response.ok) throw new Error(`${part}: ${response.status} ${await response.text()}`);
    return response.arrayBuffer();
  });
  await Promise.all(parts);
  const tookMs = performance.now() - from;
  await server.fetch(`/api/v1/hls/${reply.hlsSessionId}`, { method: "DELETE" });
  return tookMs;
}
