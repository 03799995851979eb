import { uuidV5 } from "@playhead/protocol";

const NAMESPACE = "5b1d9a52-6c0f-4f0e-9a51-3d0d6a2f7c44";
const LONGEST = 500;

/** What differs from one time to the next of the same error, and what stands in its place. The order counts. */
const passing: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi, "<url>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, "<id>"],
  [/\d+(?:[.,]\d+)*/g, "<n>"],
  [/\s+/g, " "],
];

/** A message without what differs from one time to the next: addresses, ids and numbers. */
export function plainMessage(message: string): string {
  let plain = message.slice(0, LONGEST);
  for (const [pattern, word] of passing) plain = plain.replace(pattern, word);
  return plain.trim().toLowerCase();
}

/**
 * The same for each occurrence of one error: twelve hexadecimal digits made of its code and its plain message. A code that
 * says enough still comes with its message, since many players put everything under one code.
 */
export function errorFingerprint(code: string, message: string | null): string {
  return uuidV5(NAMESPACE, `${code}\n${plainMessage(message ?? "")}`)
    .replace("-", "")
    .slice(0, 12);
}
