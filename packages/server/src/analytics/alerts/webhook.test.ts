import { createHmac } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseDestination } from "./destination.js";
import { newSecret, send, sign } from "./webhook.js";

const at = Date.UTC(2026, 10, 25, 12);
const never = new AbortController().signal;

interface Got {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
let server: http.Server;
let answer: { status: number; headers?: Record<string, string> };
let got: Got[];
let url: string;

beforeEach(async () => {
  got = [];
  answer = { status: 204 };
  server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      got.push({ headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end("what the receiver writes is not ours to show");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook`;
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
});

const message = (secret: string) => ({ url, secret, id: "msg-1", body: '{"type":"alert.test"}' });

describe("a webhook", () => {
  test("is signed so that its receiver can check it", async () => {
    const secret = newSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(await send(message(secret), at, never)).toEqual({ delivered: true, error: null, again: false });
    const [{ headers, body }] = got as [Got];
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": "msg-1",
      "webhook-timestamp": String(at / 1000),
    });
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const signed = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
  });

  test("has the signature of Standard Webhooks' own example", () => {
    // https://github.com/standard-webhooks/standard-webhooks, the symmetric example of its libraries.
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    expect(sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, '{"test": 2432232314}')).toBe(
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
  });

  test.each([
    [500, true],
    [404, true],
    [410, false],
  ])("that is answered %s fails, and may be tried again: %s", async (status, again) => {
    answer = { status };
    const sent = await send(message(newSecret()), at, never);
    expect(sent).toEqual({ delivered: false, error: `The receiver answered ${status}.`, again });
  });

  test("follows no redirect", async () => {
    answer = { status: 302, headers: { location: url } };
    expect(await send(message(newSecret()), at, never)).toMatchObject({ delivered: false, again: true });
    expect(got).toHaveLength(1);
  });

  test("to nobody fails, and may be tried again", async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    const sent = await send(message(newSecret()), at, never);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    expect(sent).toMatchObject({ delivered: false, again: true, error: expect.stringMatching(/ECONNREFUSED/) });
  });

  test("goes nowhere forbidden, and is not tried again", async () => {
    const sent = await send({ ...message(newSecret()), url: "http://169.254.169.254/latest" }, at, never);
    expect(sent).toMatchObject({ delivered: false, again: false, error: expect.stringMatching(/no alert is sent/) });
  });
});

describe("a destination", () => {
  test.each([
    "https://hooks.example/x?y=1",
    "http://alertmanager:9093/api",
    "http://10.0.0.7:8080/",
    "http://127.0.0.1/",
    "http://[::1]:80/",
  ])("may be %s", (address) => {
    expect(parseDestination(address).href).toBe(new URL(address).href);
  });

  test.each([
    ["nonsense", /no URL/],
    ["ftp://example.test/", /https/],
    ["file:///etc/passwd", /https/],
    ["https://user:password@example.test/", /no user name/],
    ["http://169.254.169.254/latest/meta-data", /no alert is sent/],
    // The same address, as a number and in IPv6's clothes.
    ["http://2852039166/", /no alert is sent/],
    ["http://0xa9fea9fe/", /no alert is sent/],
    ["http://[::ffff:169.254.169.254]/", /no alert is sent/],
    ["http://[fe80::1]/", /no alert is sent/],
    ["http://0.0.0.0/", /no alert is sent/],
  ])("may not be %s", (address, message) => {
    expect(() => parseDestination(address)).toThrow(message);
  });
});
