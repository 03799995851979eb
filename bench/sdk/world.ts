import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { selfSigned } from "./certificate.js";

/** One request to a collector. */
export interface Report {
  /** `performance.now()` of this process when it had arrived whole. */
  readonly at: number;
  readonly host: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly body: string;
  /** Of query and body as they came, compressed or not. */
  readonly bytes: number;
  readonly stored: boolean;
}

/** What a collector does with a request. */
export type Fate = "store" | "fail" | "reset-before" | "reset-after";

export interface World {
  readonly port: number;
  /** Requests to any host but the film's. */
  readonly reports: Report[];
  /** Decides about each report but preflights; default: store. */
  fate: (host: string) => Fate;
  /** Segments asked for from now on wait until the returned function is called. */
  hold(): () => void;
  /** Scripts by the path that the page asks for. */
  readonly scripts: Map<string, string>;
  close(): Promise<void>;
}

/** How a gzip stream begins (RFC 1952 §2.3.1). */
const GZIP = Buffer.from([0x1f, 0x8b]);
export const FILM_HOST = "film.test";
const types: Readonly<Record<string, string>> = {
  js: "text/javascript",
  m3u8: "application/vnd.apple.mpegurl",
  m4s: "video/mp4",
  mp4: "video/mp4",
};

/**
 * All of the internet that the pages get to see, on one loopback port: `film.test` has pages, scripts and the film, every
 * other host is a collector, which answers as the real one does.
 */
export async function startWorld(folder: string, page: string): Promise<World> {
  let held: Promise<void> | undefined;
  const scripts = new Map<string, string>();

  async function film(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "https://film.test");
    const type = types[pathname.split(".").at(-1) ?? ""];
    const text = type === undefined ? page : scripts.get(pathname);
    if (text !== undefined) {
      response.writeHead(200, { "content-type": type ?? "text/html" }).end(text);
      return;
    }
    if (held && pathname.endsWith(".m4s")) await held;
    const body = await readFile(path.join(folder, path.normalize(pathname))).catch(() => undefined);
    if (!body) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type, "content-length": body.length }).end(body);
  }

  async function collector(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const raw = Buffer.concat(chunks);
    const { method = "", url = "" } = request;
    const { host = "" } = request.headers;
    const fate = method === "OPTIONS" ? "store" : world.fate(host);
    const isZipped = request.headers["content-encoding"] === "gzip" || raw.subarray(0, 2).equals(GZIP);
    const body = (isZipped ? gunzipSync(raw) : raw).toString();
    const report: Report = {
      at: performance.now(),
      host,
      method,
      url,
      body,
      bytes: raw.length + new URL(url, "https://x").search.length,
      stored: fate === "store" || fate === "reset-after",
    };
    world.reports.push(report);
    if (fate.startsWith("reset")) {
      request.socket.destroy();
      return;
    }
    response.writeHead(fate === "fail" ? 500 : 200, {
      "access-control-allow-origin": request.headers.origin ?? "*",
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "Content-Type, Content-Encoding, X-EPAS-Event, X-EPAS-Version",
      "access-control-allow-methods": "GET, POST",
      "access-control-max-age": "86400",
      "content-type": "application/json",
    });
    response.end(fate === "fail" ? "{}" : answers(url, body));
  }

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const serve = request.headers.host === FILM_HOST ? film : collector;
    serve(request, response).catch(() => response.destroy());
  };
  const server: Server = createServer(await selfSigned(folder), handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("no port");

  const world: World = {
    port: address.port,
    reports: [],
    fate: () => "store",
    scripts,
    hold() {
      let release = () => {};
      held = new Promise((resolve) => (release = resolve));
      return () => {
        held = undefined;
        release();
      };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return world;
}

/** What the real collectors say: without it their SDKs send nothing. */
function answers(url: string, body: string): string {
  if (url.includes("/licensing")) return '{"status":"granted","message":"There you go."}';
  if (body.includes('"event":"init"')) return '{"sessionId":"bench","heartbeatInterval":30000}';
  return '{"ok":true}';
}
