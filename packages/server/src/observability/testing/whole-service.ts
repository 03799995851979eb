import { chmod, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { PlaybackReply } from "@playhead/protocol";
import type { Logger, Store } from "@playhead/store";
import { pino } from "pino";
import { parseConfig } from "../../config.js";
import { startService } from "../../service.js";
import { listen } from "../channels.js";

type OpenStore = (options: { databaseUrl: null; dataDir: string; log: Logger }) => Promise<Store>;

/** For tests: the whole server in this process, on a free port of this machine, over a folder of films. */
export interface WholeService {
  readonly fetch: (pathname: string, init?: RequestInit) => Promise<Response>;
  readonly json: <T>(pathname: string, init?: RequestInit) => Promise<T>;
  /** Lines of the log so far, parsed. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  /** Asks for playlists of the first film, for a browser that plays nothing as it is. */
  readonly play: () => Promise<PlaybackReply & { readonly hlsSessionId: string }>;
  readonly close: () => Promise<void>;
}

/** @param open the engine, which only tests and main may name. */
export async function startWholeService(
  open: OpenStore,
  mediaDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<WholeService> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "playhead-observed-"));
  // The database runs under a uid of its own when we are root, and has to get in.
  await chmod(dataDir, 0o755);
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const config = parseConfig({
    PORT: "0",
    PLAYHEAD_MEDIA_DIR: mediaDir,
    PLAYHEAD_DATA_DIR: dataDir,
    PLAYHEAD_THUMBNAILS_MAX: "0",
    PLAYHEAD_HARDWARE_ENCODER: "off",
    ...env,
  });
  const examined = new Promise<string>((resolve) => {
    const stop = listen("playhead:library.probe", ({ mediaId }) => {
      stop();
      resolve(mediaId);
    });
  });
  const store = await open({ databaseUrl: null, dataDir, log });
  const service = await startService(config, store, log);
  const { origin, searchParams } = new URL(service.signInLink);
  const authorization = `Bearer ${searchParams.get("token")}`;

  const request: WholeService["fetch"] = (pathname, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", authorization);
    if (init.body !== undefined) headers.set("content-type", "application/json");
    return fetch(new URL(pathname, origin), { ...init, headers });
  };
  const json: WholeService["json"] = async (pathname, init) => {
    const response = await request(pathname, init);
    if (!response.ok) throw new Error(`${pathname}: ${response.status} ${await response.text()}`);
    return JSON.parse(await response.text());
  };

  return {
    fetch: request,
    json,
    logged,
    async play() {
      const mediaId = await examined;
      const body = JSON.stringify({ mediaId, supported: [], prefer: "hls" });
      const reply = await json<PlaybackReply>("/api/v1/playback", { method: "POST", body });
      const { hlsSessionId } = reply;
      if (hlsSessionId === undefined) throw new Error(`Delivered ${reply.delivery}`);
      return { ...reply, hlsSessionId };
    },
    async close() {
      await service.stop();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
