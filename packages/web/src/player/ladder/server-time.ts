/** What an XMLHttpRequest and a Response have in common for this. */
interface Answer {
  readonly headers?: Headers;
  getResponseHeader?(name: string): string | null;
}

/**
 * How long the server took until it had what it sent, ms: making it and reading it, by its own word (`Server-Timing`).
 * That is no time of the network. 0 where it does not tell.
 */
export function serverTimeMs(answer: unknown): number {
  if (!isAnswer(answer)) return 0;
  const header = answer.headers?.get("server-timing") ?? answer.getResponseHeader?.("server-timing") ?? "";
  return [...header.matchAll(/(?:^|,)\s*(?:wait|read)\s*;[^,]*?dur\s*=\s*"?([\d.]+)/gi)]
    .map((match) => Number(match[1]))
    .reduce((sum, ms) => sum + ms, 0);
}

function isAnswer(answer: unknown): answer is Answer {
  return typeof answer === "object" && answer !== null && ("getResponseHeader" in answer || "headers" in answer);
}
