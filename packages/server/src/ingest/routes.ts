import { ErrorReply, IngestReply } from "@playhead/protocol";
import Type from "typebox";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import { BatchRefusedError } from "./batch-refused.js";
import { MAX_BODY_BYTES, readJsonBody } from "./body.js";
import type { Ingest } from "./ingest.js";

/** The same door by its own name and by seed 003's. */
const paths = ["/telemetry", "/api/v1/events"] as const;

/** The one error shape, with each event's reason beside it. */
const BatchRefused = Type.Interface([ErrorReply], { rejected: IngestReply.properties.rejected });

/**
 * Registers the ingest door: JSON of any wire that `decodeTelemetry` knows, as `application/json`, as `text/plain` (what a browser
 * may send to another site without asking first) or unnamed, gzip or not. Answers 200 after the commit, and never before.
 */
export function ingestRoutes(app: App, ingest: Ingest): void {
  // A scope of its own: here bodies are read by us, elsewhere by Fastify.
  void app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    const raw = { parseAs: "buffer", bodyLimit: MAX_BODY_BYTES } as const;
    // The last is what `curl -d` says of whatever it sends.
    const types = ["application/json", "text/plain", "application/x-www-form-urlencoded"];
    scope.addContentTypeParser(types, raw, (_request, body, done) => done(null, body));
    scope.addContentTypeParser("*", raw, (request, body, done) => {
      if (request.headers["content-type"]) done(new AppError("unsupported_media_type"));
      else done(null, body);
    });

    // Players run on other sites. They send no credentials but the key, so any origin may; errors too must be readable there.
    scope.addHook("onSend", async (_request, reply) => {
      void reply.header("access-control-allow-origin", "*").header("access-control-expose-headers", "Retry-After");
    });

    for (const path of paths) {
      scope.options(path, { config: { door: "open" } }, (_request, reply) =>
        reply
          .code(204)
          .header("access-control-allow-methods", "POST")
          .header("access-control-allow-headers", "Authorization, Content-Encoding, Content-Type")
          .header("access-control-max-age", "86400")
          .send(),
      );

      scope.post(
        path,
        { config: { door: "ingest" }, schema: { response: { 200: IngestReply, 422: BatchRefused } } },
        async (request, reply) => {
          const { json, chars } = await readJsonBody(request.body, request.headers["content-encoding"]);
          try {
            return await ingest.submit(json, { bodyChars: chars });
          } catch (error) {
            if (!(error instanceof BatchRefusedError)) throw error;
            const { code, message, rejected } = error;
            return await reply.code(422).send({ error: { code, message }, rejected: [...rejected] });
          }
        },
      );
    }
  });
}
