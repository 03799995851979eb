import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Pull, Pulled } from "./pull.js";

/** Fetches from so many processes at once: one alone takes in less than a server can send. */
export function pullFrom(processes: number, pull: Pull): Promise<readonly Pulled[]> {
  return Promise.all(
    Array.from({ length: processes }, async () => {
      const child = fork(path.join(import.meta.dirname, "pull.ts"));
      const ended = once(child, "exit");
      child.send(pull);
      const answer = once(child, "message") as Promise<[Pulled]>;
      const result = await Promise.race([answer, ended.then(([code]) => Promise.reject(new Error(`Ended: ${code}`)))]);
      await ended;
      return result[0];
    }),
  );
}
