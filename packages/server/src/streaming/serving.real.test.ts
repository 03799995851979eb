import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { truncate, writeFile } from "node:fs/promises";
import { connect, Socket } from "node:net";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { films, makeFilms } from "./testing/films.js";
import { startTestService, type TestService } from "./testing/test-service.js";

const chromium = /^(avc1|mp4a\.40)/;
const MB = 1024 * 1024;
let folder: string;
let remove: () => Promise<void>;
let service: TestService;

beforeAll(async () => {
  ({ folder, remove } = await makeFilms("irregular", "heavy", "long"));
  service = await startTestService(
    {
      mkv: path.join(folder, films.irregular.file),
      heavy: path.join(folder, films.heavy.file),
      long: path.join(folder, films.long.file),
    },
    { limits: { lookAheadS: 4 } },
  );
  // A large file of the same name on the outside: what is in it is no matter to who sends it.
  const large = path.join(folder, "large.mp4");
  await writeFile(large, "");
  await truncate(large, 32 * MB);
  service.items.set("large", { ...service.streaming.item("mkv"), id: "large", absolutePath: large });
});
afterAll(async () => {
  await service.stop();
  await remove();
});

const headersOf = (response: Response, ...names: readonly string[]) => names.map((name) => response.headers.get(name));

describe("a segment", () => {
  it("is sent in ranges, and whole to who holds a range of other bytes", async () => {
    const { playlists } = await service.play("mkv", chromium);
    const url = `${playlists[0]?.base}/1.m4s`;
    const whole = await service.fetch(url);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const [etag = "", ranges] = headersOf(whole, "etag", "accept-ranges");
    expect(ranges).toBe("bytes");
    const part = await service.fetch(url, { headers: { range: "bytes=10-19", "if-range": etag ?? "" } });
    expect(part.status).toBe(206);
    expect(headersOf(part, "content-range", "content-length")).toEqual([`bytes 10-19/${bytes.byteLength}`, "10"]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(10, 20));
    const end = await service.fetch(url, { headers: { range: "bytes=-7" } });
    expect(Buffer.from(await end.arrayBuffer())).toEqual(bytes.subarray(-7));
    const other = await service.fetch(url, { headers: { range: "bytes=10-19", "if-range": '"other"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, bytes.byteLength]);
    const beyond = await service.fetch(url, { headers: { range: "bytes=999999999-" } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${bytes.byteLength}`]);
    expect(await beyond.json()).toMatchObject({ error: { code: "range_not_satisfiable" } });
  });

  it("has a tag that no other one has", async () => {
    const { playlists } = await service.play("mkv", chromium);
    const tags = [];
    for (const { base } of playlists) {
      for (const name of ["init.mp4", "0.m4s", "1.m4s"]) {
        tags.push((await service.fetch(`${base}/${name}`, { method: "HEAD" })).headers.get("etag"));
      }
    }
    expect(tags).not.toContain(null);
    expect(new Set(tags).size).toBe(6);
  });

  it("is not sent again to who has it, nor a playlist", async () => {
    const { reply, playlists } = await service.play("mkv", chromium);
    const base = playlists[0]?.base ?? "";
    for (const url of [reply.url, `${base}/index.m3u8`, `${base}/init.mp4`, `${base}/2.m4s`]) {
      const [etag] = headersOf(await service.fetch(url), "etag");
      const again = await service.fetch(url, { headers: { "if-none-match": etag ?? "" } });
      expect([url, again.status, (await again.arrayBuffer()).byteLength]).toEqual([url, 304, 0]);
      expect((await service.fetch(url, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
    }
  });

  it("is described without being made: neither HEAD nor a conditional request starts an encoder", async () => {
    const { playlists } = await service.play("long", chromium);
    const base = playlists[0]?.base ?? "";
    await service.bytes(`${base}/0.m4s`);
    const runs = service.streaming.stats().encoder.runs;
    const head = await service.fetch(`${base}/100.m4s`, { method: "HEAD" });
    expect(head.status).toBe(200);
    const [type, etag, length] = headersOf(head, "content-type", "etag", "content-length");
    expect([type, length]).toEqual(["video/mp4", null]);
    // Another encoder's bytes may differ though they look the same: no ranges of the two are put together.
    expect(etag).toMatch(/^W\/"/);
    const unchanged = await service.fetch(`${base}/100.m4s`, { headers: { "if-none-match": etag ?? "" } });
    expect(unchanged.status).toBe(304);
    expect(service.streaming.stats().encoder.runs).toBe(runs);
    const { byteLength } = await service.bytes(`${base}/0.m4s`);
    const made = await service.fetch(`${base}/0.m4s`, { method: "HEAD" });
    expect(made.headers.get("content-length")).toBe(String(byteLength));
    expect((await service.fetch(`${base}/9999.m4s`, { method: "HEAD" })).status).toBe(404);
  });
});

describe("slow clients", () => {
  it("take no memory for what they don't read of a file", async () => {
    await expectHeld("/api/v1/stream/large?direct=1", 10 * MB);
  });

  it("share the bytes of a segment that they don't read", async () => {
    const { playlists } = await service.play("heavy", chromium);
    const url = `${playlists[0]?.base}/1.m4s`;
    const { byteLength } = await service.bytes(url);
    expect(byteLength).toBeGreaterThan(8 * MB);
    await expectHeld(url, 3 * byteLength);
  });

  it("are cut off when they read nothing for long", async () => {
    const large = service.streaming.item("large");
    const impatient = await startTestService({}, { stuckMs: 50 });
    const accepted = nextConnection();
    try {
      impatient.items.set("large", large);
      const socket = await beginToRead(impatient, "/api/v1/stream/large?direct=1");
      const theirs = await accepted;
      await once(theirs, "close");
      expect(theirs.bytesWritten).toBeLessThan(32 * MB);
      socket.destroy();
    } finally {
      await impatient.stop();
    }
  });
});

/** Ten that stop after the first bytes, while another reads it all: the server could have sent to them as well. */
async function expectHeld(url: string, most: number): Promise<void> {
  await service.bytes(url);
  const sockets = await Promise.all(Array.from({ length: 10 }, () => beginToRead(service, url)));
  try {
    await drain(url);
    // V8 frees what a collection found while the program goes on, and counts it until then. What is held stays.
    await expect.poll(heldBytes, { timeout: 20_000 }).toBeLessThan(most);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Bytes outside of the heap that this process holds, and of those that it no longer does what is not freed yet. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().arrayBuffers;
}

/** The server's end of the next connection. */
function nextConnection(): Promise<Socket> {
  return new Promise((resolve) => {
    const onSocket = (message: unknown) => {
      unsubscribe("net.server.socket", onSocket);
      if (typeof message === "object" && message !== null && "socket" in message && message.socket instanceof Socket) {
        resolve(message.socket);
      }
    };
    subscribe("net.server.socket", onSocket);
  });
}

async function drain(url: string): Promise<void> {
  const { body } = await service.fetch(url);
  if (body === null) throw new Error("no body");
  for await (const _ of body);
}

/** Asks for a URL, and stops reading after the head. */
async function beginToRead({ origin }: TestService, url: string): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(`GET ${url} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await once(socket, "readable");
  return socket;
}
