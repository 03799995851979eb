import path from "node:path";
import type { Store } from "@playhead/store";
import { pino } from "pino";
import { parseConfig } from "../../packages/server/src/config.js";
import { startService } from "../../packages/server/src/service.js";

/** The server in this process. */
export interface Server {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  fetch(pathname: string, init?: RequestInit): Promise<Response>;
  json<T>(pathname: string, init?: RequestInit): Promise<T>;
  /** Turns its telemetry on or off while it runs; resolves when what it had heard is handed on. */
  tell(telemetry: "on" | "off"): Promise<void>;
  stop(): Promise<void>;
}

export async function startServer(store: Store, scratch: string): Promise<Server> {
  const config = parseConfig({
    PORT: "0",
    PLAYHEAD_MEDIA_DIR: path.join(scratch, "media"),
    PLAYHEAD_DATA_DIR: path.join(scratch, "data"),
    PLAYHEAD_THUMBNAILS_MAX: "0",
    PLAYHEAD_HARDWARE_ENCODER: "off",
  });
  // As it logs in production, to a file.
  const log = pino({ level: config.logLevel, base: null }, pino.destination(path.join(scratch, "log")));
  const service = await startService(config, store, log);
  const { origin, searchParams } = new URL(service.signInLink);
  const headers = { authorization: `Bearer ${searchParams.get("token")}` };

  const request: Server["fetch"] = (pathname, init = {}) => {
    const all = new Headers({ ...headers, ...(init.body === undefined ? {} : { "content-type": "application/json" }) });
    return fetch(new URL(pathname, origin), { ...init, headers: all });
  };
  return {
    origin,
    headers,
    fetch: request,
    async json<T>(pathname: string, init?: RequestInit) {
      const response = await request(pathname, init);
      const text = await response.text();
      if (!response.ok) throw new Error(`${pathname}: ${response.status} ${text}`);
      return JSON.parse(text) as T;
    },
    async tell(telemetry) {
      if (telemetry === "on") service.observability.start();
      else await service.observability.stop();
    },
    stop: () => service.stop(),
  };
}
