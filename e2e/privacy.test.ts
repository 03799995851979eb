import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect, inject, it } from "vitest";
import { eventually, startService } from "./service.js";
import { temporaryFolder } from "./temporary-folder.js";

/** Where the viewer's connection comes from, and what proxies say of it. */
const VIEWER = "127.0.0.77";
const BEHIND_PROXY = "203.0.113.77";
const IN_BODY = "198.51.100.77";

it("keeps no network address: not in the database, not in a file, not in a log that tells all", async () => {
  const dataDir = await temporaryFolder("privacy");
  const env = { PLAYHEAD_LOG_LEVEL: "trace", PLAYHEAD_PLAYBACK: "off" };
  const service = await startService({ mediaDir: inject("mediaDir"), dataDir, env });
  try {
    const { port } = new URL(service.origin);
    const key = JSON.parse(await readFile(path.join(dataDir, "secrets.json"), "utf8")).ingestKey;
    const ask = async (method: string, target: string, body = "", headers = {}) => {
      const sent = request({
        host: "127.0.0.1",
        port,
        localAddress: VIEWER,
        method,
        path: target,
        headers: {
          "x-forwarded-for": BEHIND_PROXY,
          "x-real-ip": BEHIND_PROXY,
          forwarded: `for=${BEHIND_PROXY}`,
          "cf-connecting-ip": BEHIND_PROXY,
          ...headers,
        },
      });
      sent.end(body);
      const [reply] = await once(sent, "response");
      await text(reply);
      return reply.statusCode as number;
    };
    const batch = JSON.stringify({
      schema: 1,
      sentAt: Date.now(),
      context: { viewId: "seen", ip: IN_BODY, device: { client_ip: IN_BODY } },
      events: [{ id: "seen-1", seq: 0, type: "play", ts: Date.now(), clientIp: IN_BODY }],
    });
    const door = `/telemetry?key=${key}`;
    expect(await ask("POST", door, batch, { "user-agent": "Mozilla/5.0 Firefox/133.0" })).toBe(200);
    expect(await ask("POST", door, "{")).toBe(400);
    expect(await ask("POST", door, batch, { "content-encoding": "gzip" })).toBe(400);
    expect(await ask("POST", door, `"${"x".repeat(2 * 1024 * 1024)}"`).catch(() => 413)).toBe(413);
    expect(await ask("POST", "/telemetry?key=wrong", batch)).toBe(401);
    expect(await ask("GET", "/api/v1/library")).toBe(401);
    expect(await ask("GET", "/api/v1/nothing")).toBe(401);
    for (const garbage of ["NO HTTP\r\n\r\n", `POST ${door} HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{`]) {
      const socket = connect({ host: "127.0.0.1", port: Number(port), localAddress: VIEWER });
      socket.on("error", () => undefined);
      socket.write(garbage.replace("\r\n", `\r\nx-forwarded-for: ${BEHIND_PROXY}\r\n`));
      socket.end();
      socket.resume();
      await once(socket, "close");
    }
    await eventually(async () => ((await service.fetch("/api/v1/analytics/views/seen")).ok ? true : undefined));
    await service.stop();
    const log = service.output();

    const found: string[] = [];
    let bytes = 0;
    const look = (name: string, content: Buffer) => {
      bytes += content.length;
      for (const address of [VIEWER, BEHIND_PROXY, IN_BODY])
        if (content.includes(address)) found.push(`${address} in ${name}`);
    };
    look("the log", Buffer.from(log));
    for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile()) look(file, await readFile(file));
    }
    expect(found).toEqual([]);
    expect(bytes).toBeGreaterThan(1024 * 1024);
    expect(log).toContain("telemetry");
  } finally {
    await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
