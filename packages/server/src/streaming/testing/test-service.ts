import { mkdtemp, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import type { PlaybackReply, ViewerMeans } from "@playhead/protocol";
import type { User } from "@playhead/store";
import { fastify } from "fastify";
import { replyWithError } from "../../error-reply.js";
import { type App, connectionLimits } from "../../http.js";
import type { MediaItem } from "../../library/media-item.js";
import { probeFile } from "../../library/probe/probe.js";
import type { Streaming } from "../face.js";
import { streamingRoutes } from "../routes.js";
import { createStreaming, type StreamingDeps } from "../streaming.js";

/** Streaming on a free port of the loopback, with a signed-in user and a library of the given files. */
export interface TestService {
  readonly origin: string;
  readonly streaming: Streaming;
  readonly items: Map<string, MediaItem>;
  readonly dataDir: string;
  /** What was logged at warn or above. */
  readonly logged: readonly string[];
  readonly fetch: (pathname: string, init?: RequestInit & { readonly user?: string }) => Promise<Response>;
  readonly bytes: (pathname: string, signal?: AbortSignal) => Promise<Uint8Array>;
  /** Asks for playlists of an item, as a browser that plays what matches. */
  readonly play: (id: string, plays: RegExp, as?: PlayAs) => Promise<Playing>;
  readonly stop: () => Promise<void>;
}

export interface PlayAs extends ViewerMeans {
  readonly positionMs?: number;
  readonly user?: string;
}

export interface Playing {
  readonly reply: PlaybackReply;
  readonly base: string;
  readonly master: string;
  /** The default picture and the default sound. */
  readonly playlists: readonly ReadPlaylist[];
  /** Every picture, the default first. */
  readonly rungs: readonly ReadPlaylist[];
}

export interface ReadPlaylist {
  readonly base: string;
  readonly kind: "video" | "audio";
  /** Seconds: one more than there are segments. */
  readonly boundaries: readonly number[];
}

export type TestServiceOptions = Partial<StreamingDeps["config"]> &
  Pick<StreamingDeps, "limits"> & {
    /** Until a client that takes nothing is cut off, ms. */
    readonly stuckMs?: number;
  };

export async function startTestService(
  files: Readonly<Record<string, string>>,
  options: TestServiceOptions = {},
): Promise<TestService> {
  const { limits, stuckMs, ...config } = options;
  const dataDir = config.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), "playhead-data-")));
  const items = new Map<string, MediaItem>();
  for (const [id, file] of Object.entries(files)) items.set(id, await itemOf(id, file));

  const logged: string[] = [];
  const app: App = fastify({
    logger: { level: "warn", stream: { write: (line: string) => logged.push(line) } },
    routerOptions: { maxParamLength: 1024 },
    forceCloseConnections: true,
    ...connectionLimits,
    ...(stuckMs === undefined ? {} : { connectionTimeout: stuckMs }),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler(replyWithError);
  app.decorateRequest("user", null);
  app.decorateRequest("link", null);
  app.addHook("onRequest", async (request) => {
    const name = request.headers["x-user"];
    const user: User = { id: typeof name === "string" ? name : "ann", name: "Ann", admin: false };
    request.user = user;
  });
  const streaming = createStreaming({
    findMedia: (id) => items.get(id),
    config: {
      ffmpeg: "ffmpeg",
      hardwareEncoder: "off",
      maxEncoders: 2,
      cacheMaxBytes: 1e9,
      cacheFreeFloorBytes: 0,
      hlsIdleTimeoutMs: 120_000,
      playback: true,
      ...config,
      dataDir,
    },
    log: app.log,
    ...(limits === undefined ? {} : { limits }),
  });
  streamingRoutes(app, streaming);
  await streaming.start();
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  const origin = `http://127.0.0.1:${isAddress(address) ? address.port : 0}`;

  const request: TestService["fetch"] = (pathname, init = {}) => {
    const headers = new Headers(init.headers);
    if (init.user !== undefined) headers.set("x-user", init.user);
    if (typeof init.body === "string") headers.set("content-type", "application/json");
    return fetch(new URL(pathname, origin), { ...init, headers });
  };
  const text = async (pathname: string, user: string) => {
    const response = await request(pathname, { user });
    if (!response.ok) throw new Error(`${pathname}: ${response.status} ${await response.text()}`);
    return response.text();
  };

  return {
    origin,
    streaming,
    items,
    dataDir,
    logged,
    fetch: request,
    async bytes(pathname, signal) {
      const response = await request(pathname, signal === undefined ? {} : { signal });
      if (!response.ok) throw new Error(`${pathname}: ${response.status} ${await response.text()}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    async play(id, plays, { positionMs = 0, user = "ann", ...means } = {}) {
      const info = items.get(id)?.info;
      const supported = [...(info?.video ?? []), ...(info?.audio ?? [])].flatMap(({ codecString }) =>
        codecString !== null && plays.test(codecString) ? codecString : [],
      );
      const body = JSON.stringify({ mediaId: id, supported, positionMs, prefer: "hls", ...means });
      const response = await request("/api/v1/playback", { method: "POST", body, user });
      if (!response.ok) throw new Error(`playback: ${response.status} ${await response.text()}`);
      const reply: PlaybackReply = JSON.parse(await response.text());
      const base = path.posix.dirname(reply.url);
      const master = await text(reply.url, user);
      const videos = [...master.matchAll(/#EXT-X-STREAM-INF:.*\n(.+)\/index\.m3u8/g)].map((match) => match[1]);
      const audio = /TYPE=AUDIO.*URI="(.+)\/index\.m3u8"/.exec(master)?.[1];
      const read = async (kind: ReadPlaylist["kind"], names: readonly (string | undefined)[]) => {
        const found: ReadPlaylist[] = [];
        for (const name of names) {
          if (name === undefined) continue;
          const boundaries = [0];
          const playlist = await text(`${base}/${name}/index.m3u8`, user);
          for (const [, duration] of playlist.matchAll(/#EXTINF:([\d.]+)/g)) {
            boundaries.push((boundaries.at(-1) ?? 0) + Number(duration));
          }
          found.push({ base: `${base}/${name}`, kind, boundaries });
        }
        return found;
      };
      const rungs = await read("video", videos);
      return { reply, base, master, rungs, playlists: [...rungs.slice(0, 1), ...(await read("audio", [audio]))] };
    },
    async stop() {
      await streaming.stop();
      await app.close();
      if (config.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const isAddress = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === "object" && address !== null;

export async function itemOf(id: string, file: string): Promise<MediaItem> {
  const { size, mtimeMs } = await stat(file);
  return {
    id,
    path: path.basename(file),
    absolutePath: file,
    sizeBytes: size,
    mtimeMs,
    fileId: `${id}-${size}-${mtimeMs}`,
    title: id,
    series: null,
    season: null,
    episode: null,
    year: null,
    status: "ready",
    error: null,
    addedAt: 0,
    info: await probeFile({ ffprobe: "ffprobe", file, sizeBytes: size }),
    hasPoster: false,
    sideSubtitles: [],
  };
}
