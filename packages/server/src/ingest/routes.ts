import { ErrorReply, IngestReply } from "@playhead/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import { BatchRefusedError } from "./batch-refused.js";
import { MAX_BODY_BYTES, readJsonBody, readTextBody } from "./body.js";
import type { Ingest } from "./ingest.js";

/** The same door by its own name and by seed 003's. */
const paths = ["/telemetry", "/api/v1/events"] as const;

/** What players on other sites send; the last two are Eyevinn's. */
const ALLOWED_HEADERS = "Authorization, Content-Encoding, Content-Type, X-EPAS-Event, X-EPAS-Version";
const CMCD_PATH = "/api/v1/cmcd";

/** The one error shape, with each event's reason beside it. */
const BatchRefused = Type.Interface([ErrorReply], { rejected: IngestReply.properties.rejected });

export interface IngestRouteOptions {
  /** Whether the event mode of CMCD is taken; else its senders are told to stop. */
  readonly cmcd?: boolean;
}

const Refused = { 422: BatchRefused };

/**
 * Registers the ingest doors: JSON of any wire that `decodeTelemetry` knows, as `application/json`, as `text/plain` (what a browser
 * may send to another site without asking first) or unnamed, gzip or not; and the event mode of CMCD at its own. Answers 2xx after the commit, and never before.
 */
export function ingestRoutes(app: App, ingest: Ingest, { cmcd = true }: IngestRouteOptions = {}): void {
  // A scope of its own: here bodies are read by us, elsewhere by Fastify.
  void app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    const raw = { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES } as const;
    // The last is what `curl -d` says of whatever it sends.
    const types = [
      "application/json",
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/cmcd",
      "text/cmcd",
    ];
    scope.addContentTypeParser(types, raw, (_request, body, done) => done(null, body));
    scope.addContentTypeParser("*", raw, (request, body, done) => {
      if (request.headers["content-type"]) done(new AppError("unsupported_media_type"));
      else done(null, body);
    });

    // Players run on other sites. They send no credentials but the key, so any origin may; errors too must be readable there.
    scope.addHook("onSend", async (_request, reply) => {
      void reply.header("access-control-allow-origin", "*").header("access-control-expose-headers", "Retry-After");
    });

    for (const path of [...paths, CMCD_PATH]) {
      scope.options(path, { config: { door: "open" } }, (_request, reply) =>
        reply
          .code(204)
          .header("access-control-allow-methods", "POST")
          .header("access-control-allow-headers", ALLOWED_HEADERS)
          .header("access-control-max-age", "86400")
          .send(),
      );
    }

    for (const path of paths) {
      scope.post(
        path,
        { config: { door: "ingest" }, schema: { response: { 200: IngestReply, ...Refused } } },
        async (request, reply) => {
          const { json, chars } = await readJsonBody(request.body, request.headers["content-encoding"]);
          return await orRefusals(reply, () => ingest.submit(json, { bodyChars: chars, ...toldBy(request) }));
        },
      );
    }

    if (!cmcd) {
      // Open: whoever has an old key is to stop as well. 410 is what ends a reporter (CTA-5004-B, event mode).
      scope.post(CMCD_PATH, { config: { door: "open" } }, () => {
        throw new AppError("cmcd_off");
      });
      return;
    }
    scope.post(
      CMCD_PATH,
      { config: { door: "ingest" }, schema: { response: { 200: IngestReply, 204: Type.Null(), ...Refused } } },
      async (request, reply) => {
        const text = await readTextBody(request.body, request.headers["content-encoding"]);
        return await orRefusals(reply, async () => {
          const told = await ingest.submitCmcd(text, toldBy(request));
          return told.rejected.length > 0 ? told : reply.code(204).send(null);
        });
      },
    );
  });
}

const toldBy = ({ headers, country }: FastifyRequest) => ({ userAgent: headers["user-agent"], country });

/** A body of which nothing is valid is answered with each event's reason. */
async function orRefusals<T>(reply: FastifyReply, submit: () => Promise<T>): Promise<T | FastifyReply> {
  try {
    return await submit();
  } catch (error) {
    if (!(error instanceof BatchRefusedError)) throw error;
    const { code, message, rejected } = error;
    return await reply.code(422).send({ error: { code, message }, rejected: [...rejected] });
  }
}
