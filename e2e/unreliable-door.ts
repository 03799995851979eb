import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** What may happen to a POST, with its share. `…After`: the service had it already, and the sender is not told. */
const fates = {
  pass: 40,
  error: 12,
  busy: 12,
  cut: 10,
  slow: 8,
  errorAfter: 10,
  cutAfter: 8,
} as const;
export type Fate = keyof typeof fates;

export interface UnreliableDoor {
  readonly origin: string;
  /** How many requests met which fate. */
  readonly met: ReadonlyMap<string, number>;
  /** Where requests go; undefined: nobody is there. */
  target: string | undefined;
  /** False: all pass from now on. */
  unreliable: boolean;
  close(): Promise<void>;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Serves `files`, and hands POSTs on to the service as badly as networks and servers can: refused, cut off, late, answered
 * 500 or 429, before the service had them or after.
 */
export async function openUnreliableDoor(
  files: Readonly<Record<string, { type: string; body: string | Buffer }>>,
  random: () => number,
): Promise<UnreliableDoor> {
  const met = new Map<string, number>();

  function fateOf(): Fate {
    if (!door.unreliable) return "pass";
    let left = random() * 100;
    for (const [fate, share] of Object.entries(fates)) {
      left -= share;
      if (left < 0) return fate as Fate;
    }
    return "pass";
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const file = files[path];
    if (request.method === "GET") return serve(file, request, response);
    const body = await buffer(request);
    const fate = fateOf();
    met.set(fate, (met.get(fate) ?? 0) + 1);
    if (fate === "cut") return void request.socket.destroy();
    if (fate === "error") return void response.writeHead(500).end("{}");
    if (fate === "busy") return void response.writeHead(429, { "retry-after": retryAfter() }).end("{}");
    if (fate === "slow") await delay(200 + random() * 1_000);
    const answer = await forward(request, body);
    if (answer === undefined) met.set("away", (met.get("away") ?? 0) + 1);
    if (answer === undefined || fate === "cutAfter") return void request.socket.destroy();
    if (fate === "errorAfter") return void response.writeHead(502).end("{}");
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /** A second from now, in either of the header's forms. */
  const retryAfter = () => (random() < 0.5 ? "1" : new Date(Date.now() + 1_000).toUTCString());

  function forward(request: IncomingMessage, body: Buffer) {
    const { target } = door;
    if (target === undefined) return Promise.resolve(undefined);
    return new Promise<{ status: number; headers: Record<string, string>; body: Buffer } | undefined>((resolve) => {
      const { "content-type": type } = request.headers;
      const onward = httpRequest(
        new URL(request.url ?? "/", target),
        {
          method: "POST",
          headers: { ...(type === undefined ? {} : { "content-type": type }), "content-length": body.length },
        },
        (reply) => {
          const retry = reply.headers["retry-after"];
          buffer(reply).then(
            (body) =>
              resolve({
                status: reply.statusCode ?? 502,
                headers: retry === undefined ? {} : { "retry-after": retry },
                body,
              }),
            () => resolve(undefined),
          );
        },
      );
      onward.on("error", () => resolve(undefined));
      onward.end(body);
    });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  const door: UnreliableDoor = {
    origin: `http://127.0.0.1:${address.port}`,
    met,
    target: undefined,
    unreliable: true,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return door;
}

function serve(
  file: { type: string; body: string | Buffer } | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (!file) return void response.writeHead(404).end();
  const { type, body } = file;
  const size = Buffer.byteLength(body);
  // Without ranges Chromium cannot seek.
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const from = Number(range?.[1] ?? 0);
  const to = range?.[2] ? Number(range[2]) : size - 1;
  response
    .writeHead(range ? 206 : 200, {
      "content-type": type,
      "accept-ranges": "bytes",
      "content-length": to - from + 1,
      ...(range && { "content-range": `bytes ${from}-${to}/${size}` }),
    })
    .end(Buffer.from(body).subarray(from, to + 1));
}
