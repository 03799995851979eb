import { createHmac, randomBytes } from "node:crypto";
import { lookup as resolve } from "node:dns";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { checkAddress, parseDestination } from "./destination.js";

/** How long a receiver may take. */
const LIMIT_MS = 10_000;
const PREFIX = "whsec_";

/** A new secret in the form of Standard Webhooks. */
export const newSecret = (): string => `${PREFIX}${randomBytes(24).toString("base64")}`;

/**
 * The signature of Standard Webhooks (https://www.standardwebhooks.com), symmetric: base64 of HMAC-SHA256 over id, time and
 * body, with the secret's bytes as its key. The time is in it, so that an old message can be told from a new one.
 */
export function sign(secret: string, id: string, timestampS: number, body: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestampS}.${body}`).digest("base64")}`;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string;
  /** The same at each attempt: by it a receiver knows a repeat. */
  readonly id: string;
  readonly body: string;
}

export interface Sent {
  readonly delivered: boolean;
  /** Why not; never what the receiver wrote. */
  readonly error: string | null;
  /** Whether it may be tried again: not where the receiver is gone for good (410), or the address is forbidden. */
  readonly again: boolean;
}

/**
 * Posts a signed message. Never throws. Redirects are not followed; of the answer only its status is read. The address is
 * checked where the connection is made, after the name was resolved: what a name stood for before says nothing.
 */
export async function send({ url: text, secret, id, body }: Webhook, now: number, signal: AbortSignal): Promise<Sent> {
  const timestampS = Math.floor(now / 1000);
  try {
    const url = parseDestination(text);
    const status = await post(url, body, AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]), {
      "content-type": "application/json",
      "user-agent": "Playhead",
      "webhook-id": id,
      "webhook-timestamp": String(timestampS),
      "webhook-signature": sign(secret, id, timestampS, body),
    });
    if (status >= 200 && status < 300) return { delivered: true, error: null, again: false };
    return { delivered: false, error: `The receiver answered ${status}.`, again: status !== 410 };
  } catch (error) {
    const forbidden = error instanceof Error && error.name === "ForbiddenDestinationError";
    return { delivered: false, error: reasonOf(error), again: !forbidden };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "It could not be sent.";
  if (error.name === "AbortError" || error.name === "TimeoutError") {
    return `The receiver did not answer within ${LIMIT_MS / 1000} s.`;
  }
  return error.message.slice(0, 300);
}

/** Every address that the name has must be allowed. */
const checkedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, "");
    try {
      for (const { address } of addresses) checkAddress(address);
    } catch (refusal) {
      return callback(refusal instanceof Error ? refusal : new Error("refused"), "");
    }
    if (options.all === true) return callback(null, [...addresses]);
    const [first] = addresses;
    return callback(null, first?.address ?? "", first?.family);
  });
};

function post(url: URL, body: string, signal: AbortSignal, headers: Readonly<Record<string, string>>): Promise<number> {
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((done, fail) => {
    const asked = request(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        lookup: checkedLookup,
        signal,
        agent: false,
      },
      (response) => {
        done(response.statusCode ?? 0);
        response.destroy();
      },
    );
    asked.on("error", fail);
    asked.end(body);
  });
}
