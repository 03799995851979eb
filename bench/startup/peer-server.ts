import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, statSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import type { RunningService } from "../../e2e/service.js";

/**
 * What Playhead is held against, on the same machine in the same run:
 *
 * - the floor: Playhead's own pages, but playback is answered at once with the film as a static MP4;
 * - the seed's design (seed 001): ffmpeg writes an HLS event playlist of 6-s segments into a folder, preset medium at
 *   720p, and the server answers 404 until the playlist is there; the page is bare hls.js that asks again.
 */
export interface PeerServer {
  readonly origin: string;
  /** Ends the seed's encoders and removes what they wrote. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const HLS_JS = createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js");

export async function startPeers(service: RunningService, mediaDir: string, scratch: string): Promise<PeerServer> {
  const runs = new Map<string, ChildProcess>();

  const server = http.createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://peer");
    const [, first, second, third] = url.pathname.split("/");
    if (url.pathname === "/api/v1/playback") {
      // The floor's shortcut: which film is told by the item, whose path the service knows.
      const { mediaId } = JSON.parse(await bodyOf(request)) as { mediaId: string };
      const { path: file } = await service.json<{ path: string }>(`/api/v1/media/${mediaId}`);
      return json(response, { delivery: "direct", url: `/static/${encodeURIComponent(file)}`, reasons: [] });
    }
    if (first === "static")
      return sendFile(request, response, path.join(mediaDir, path.basename(decodeURIComponent(second ?? ""))));
    if (first === "seed.html") return send(response, "text/html", seedPage);
    if (first === "hls.js") return send(response, "text/javascript", await readFile(HLS_JS));
    if (first === "seed" && second && third) return seed(second, third, url.searchParams, response);
    return proxy(request, response);
  }

  async function seed(
    file: string,
    name: string,
    query: URLSearchParams,
    response: http.ServerResponse,
  ): Promise<void> {
    const folder = path.join(scratch, "seed", file);
    if (!runs.has(file)) {
      await mkdir(folder, { recursive: true });
      runs.set(
        file,
        spawn("ffmpeg", seedArgs(path.join(mediaDir, file), folder, query.get("mode") === "copy"), { stdio: "ignore" }),
      );
    }
    const full = path.join(folder, path.basename(name));
    if (!existsSync(full)) return void response.writeHead(404).end();
    const type = name.endsWith("m3u8") ? "application/vnd.apple.mpegurl" : "video/mp2t";
    return send(response, type, await readFile(full));
  }

  function proxy(request: http.IncomingMessage, response: http.ServerResponse): void {
    const target = new URL(request.url ?? "/", service.origin);
    const headers = { ...request.headers, host: target.host, authorization: `Bearer ${service.token}` };
    delete headers.origin;
    const onward = http.request(target, { method: request.method, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no address");

  const reset = async () => {
    const children = [...runs.values()];
    runs.clear();
    for (const child of children) {
      if (child.exitCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(path.join(scratch, "seed"), { recursive: true, force: true });
  };
  return {
    origin: `http://127.0.0.1:${address.port}`,
    reset,
    async close() {
      await reset();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Seed 001's command: copy where the codecs allow it, else H.264 720p preset medium with AAC. */
export function seedArgs(input: string, folder: string, copy: boolean): string[] {
  const encode = "-c:v libx264 -preset medium -crf 23 -pix_fmt yuv420p -profile:v high -s 1280x720 -g 60 -bf 0";
  const audio = "-c:a aac -b:a 128k -ar 48000 -ac 2";
  return [
    ...["-nostdin", "-loglevel", "error", "-i", input, "-map", "0:v:0", "-map", "0:a:0"],
    ...(copy ? ["-c", "copy"] : `${encode} ${audio}`.split(" ")),
    ...["-f", "hls", "-hls_time", "6", "-hls_playlist_type", "event"],
    ...["-hls_segment_filename", path.join(folder, "segment_%03d.ts"), path.join(folder, "index.m3u8")],
  ];
}

/** 404 is asked again with exponential backoff, as in the seed, from half of hls.js's own first delay: in its favour. */
const seedPage = `<!doctype html><meta charset="utf-8"><title>seed</title><button>Play</button><video playsinline></video>
<script src="/hls.js"></script><script>
document.querySelector("button").onclick = () => {
  const query = new URLSearchParams(location.search);
  const retry = { maxNumRetry: 40, retryDelayMs: 500, maxRetryDelayMs: 8000, backoff: "exponential", shouldRetry: () => true };
  const policy = { default: { maxTimeToFirstByteMs: 60000, maxLoadTimeMs: 60000, timeoutRetry: retry, errorRetry: retry } };
  const hls = new Hls({ enableWorker: true, lowLatencyMode: false, startPosition: 0, manifestLoadPolicy: policy, playlistLoadPolicy: policy });
  const video = document.querySelector("video");
  hls.attachMedia(video);
  hls.loadSource("/seed/" + encodeURIComponent(query.get("file")) + "/index.m3u8?mode=" + query.get("mode"));
  video.play();
};
</script>`;

function send(response: http.ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { "content-type": type, "cache-control": "no-cache" }).end(body);
}

const json = (response: http.ServerResponse, value: unknown) =>
  send(response, "application/json", JSON.stringify(value));

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

/** A plain static file with ranges. */
function sendFile(request: http.IncomingMessage, response: http.ServerResponse, file: string): void {
  const { size } = statSync(file);
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to), size - 1) : size - 1;
  response.writeHead(from === undefined ? 200 : 206, {
    "content-type": "video/mp4",
    "accept-ranges": "bytes",
    "content-length": end - start + 1,
    ...(from === undefined ? {} : { "content-range": `bytes ${start}-${end}/${size}` }),
  });
  createReadStream(file, { start, end })
    .on("error", () => response.destroy())
    .pipe(response);
}
