import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join, normalize } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { Batch, PlayheadEvent } from "@playhead/protocol";
import { livePlaylist } from "./live-playlist.js";

/** What the sink does with a POST: answer with a status (2xx stores), or cut the connection, after storing or before. */
export type SinkAnswer =
  | { readonly status: number; readonly headers?: Record<string, string> }
  | { readonly cut: "before" | "after" };

export interface TestServer {
  readonly origin: string;
  /** Every batch that was stored, in order. */
  readonly batches: Batch[];
  /** Every POST, stored or not. */
  readonly posts: { readonly at: number; readonly bytes: number; readonly contentType: string | undefined }[];
  /** Events stored, each id once, by `seq`. */
  events(): PlayheadEvent[];
  /** How often each id was stored. */
  copies(): Map<string, number>;
  /** Resolves when a stored event satisfies `predicate`. */
  stored(predicate: (event: PlayheadEvent) => boolean): Promise<PlayheadEvent>;
  /** Decides about each POST; default: 200. */
  answer: (post: number) => SinkAnswer;
  /** Requests for media whose path ends so wait until the returned function is called. */
  hold(ending: string): () => void;
  reset(): void;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  m3u8: "application/vnd.apple.mpegurl",
  m4s: "video/mp4",
  mp4: "video/mp4",
};

/**
 * A real HTTP server on a free loopback port: pages and scripts from `files`, media from a folder, and the sink. Beside each
 * `index.m3u8` there is a `live.m3u8`, on air from when it is first asked for.
 */
export async function startServer(folder: string, files: Readonly<Record<string, string>>): Promise<TestServer> {
  let waiting: { predicate: (event: PlayheadEvent) => boolean; resolve: (event: PlayheadEvent) => void }[] = [];
  let held: { ending: string; until: Promise<void> } | undefined;
  let onAirSince: number | undefined;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    if (path === "/telemetry") return sink(request, response);
    const type = types[path.split(".").at(-1) ?? ""] ?? "text/plain";
    const file = files[path];
    if (file !== undefined) {
      response.writeHead(200, { "content-type": type }).end(file);
      return;
    }
    if (held && path.endsWith(held.ending)) await held.until;
    if (path.endsWith("/live.m3u8")) {
      onAirSince ??= performance.now();
      const film = await readFile(
        join(folder, normalize(path.replace(/^\/media/, "").replace("live", "index"))),
        "utf8",
      );
      response
        .writeHead(200, { "content-type": type })
        .end(livePlaylist(film, (performance.now() - onAirSince) / 1000));
      return;
    }
    const body = await readFile(join(folder, normalize(path.replace(/^\/media/, "")))).catch(() => null);
    if (!body) {
      response.writeHead(404).end();
      return;
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const headers = { "content-type": type, "server-timing": "wait;dur=7.2", "accept-ranges": "bytes" };
    if (!range) {
      response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
      return;
    }
    const from = Number(range[1]);
    const to = range[2] ? Number(range[2]) : body.length - 1;
    response
      .writeHead(206, {
        ...headers,
        "content-range": `bytes ${from}-${to}/${body.length}`,
        "content-length": to - from + 1,
      })
      .end(body.subarray(from, to + 1));
  }

  async function sink(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await buffer(request);
    const body = (sent[0] === 0x1f ? gunzipSync(sent) : sent).toString();
    bed.posts.push({ at: performance.now(), bytes: sent.length, contentType: request.headers["content-type"] });
    const answer = bed.answer(bed.posts.length);
    const store = "cut" in answer ? answer.cut === "after" : answer.status < 300;
    if (store) {
      const batch: Batch = JSON.parse(body);
      bed.batches.push(batch);
      for (const event of batch.events) {
        for (const { resolve } of waiting.filter(({ predicate }) => predicate(event))) resolve(event);
        waiting = waiting.filter(({ predicate }) => !predicate(event));
      }
    }
    if ("cut" in answer) request.socket.destroy();
    else
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers }).end('{"ok":true}');
  }

  const bed: TestServer = {
    origin: "",
    batches: [],
    posts: [],
    answer: () => ({ status: 200 }),
    hold(ending) {
      let release = () => {};
      held = { ending, until: new Promise((resolve) => (release = resolve)) };
      return () => release();
    },
    events() {
      const byId = new Map(bed.batches.flatMap(({ events }) => events).map((event) => [event.id, event]));
      const events = [...byId.values()];
      events.sort((a, b) => a.seq - b.seq);
      return events;
    },
    copies() {
      const counts = new Map<string, number>();
      for (const { id } of bed.batches.flatMap(({ events }) => events)) counts.set(id, (counts.get(id) ?? 0) + 1);
      return counts;
    },
    stored(predicate) {
      const there = bed.events().find(predicate);
      if (there) return Promise.resolve(there);
      return new Promise((resolve) => waiting.push({ predicate, resolve }));
    },
    reset() {
      bed.batches.length = 0;
      bed.posts.length = 0;
      waiting = [];
      bed.answer = () => ({ status: 200 });
      held = undefined;
      onAirSince = undefined;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("no port");
  return Object.assign(bed, { origin: `http://127.0.0.1:${address.port}` });
}
