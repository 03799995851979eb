/** Windows' code page of each language that has its own; all others are written in 1252. */
const codePages: Readonly<Record<string, string>> = {
  ...pages("windows-1250", "cs sk pl hu sl hr bs ro sq"),
  ...pages("windows-1251", "ru uk be bg sr mk kk mn"),
  ...pages("windows-1253", "el"),
  ...pages("windows-1254", "tr az"),
  ...pages("windows-1255", "he"),
  ...pages("windows-1256", "ar fa ur"),
  ...pages("windows-1257", "lt lv et"),
  ...pages("windows-1258", "vi"),
  ...pages("windows-874", "th"),
  ...pages("shift_jis", "ja"),
  ...pages("euc-kr", "ko"),
  ...pages("gb18030", "zh"),
};

function pages(page: string, languages: string): Readonly<Record<string, string>> {
  return Object.fromEntries(languages.split(" ").map((language) => [language, page]));
}

/**
 * Text of a subtitle file: UTF-8 and UTF-16 with or without a byte order mark, else the code page of its language.
 * @param language RFC 5646, where the name tells it.
 */
export function decodeText(bytes: Uint8Array, language: string | null): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, "utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decoded(bytes, "utf-16be");
  const wide = wideOf(bytes);
  if (wide !== null) return decoded(bytes, wide);
  const text = decoded(bytes, "utf-8");
  return isMeant(text) ? text : decoded(bytes, codePageOf(bytes, language));
}

/** A damaged byte among many good ones is no other charset. */
function isMeant(text: string): boolean {
  const replaced = text.match(/\uFFFD/g)?.length ?? 0;
  const foreign = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return replaced * 4 <= foreign - replaced;
}

/** What 1252 has where Latin-1 has control characters. */
const IN_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

function decoded(bytes: Uint8Array, charset: string): string {
  const text = new TextDecoder(charset).decode(bytes);
  // Node 20 takes 1252 for Latin-1.
  if (charset !== "windows-1252") return text;
  return text.replace(/[\u0080-\u009F]/g, (char) => IN_1252[char.charCodeAt(0) - 0x80] ?? char);
}

/** Digits, line ends and arrows stand in every subtitle file: in UTF-16 each has a zero byte beside it. */
function wideOf(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  const head = bytes.subarray(0, 512);
  let even = 0;
  let odd = 0;
  for (const [i, byte] of head.entries()) {
    if (byte === 0 && i % 2 === 0) even++;
    else if (byte === 0) odd++;
  }
  const many = head.length / 10;
  if (odd > many && even <= odd / 4) return "utf-16le";
  return even > many && odd <= even / 4 ? "utf-16be" : null;
}

function codePageOf(bytes: Uint8Array, language: string | null): string {
  if (language !== null) {
    if (/^zh-(Hant|TW|HK)/.test(language)) return "big5";
    return codePages[language.split("-")[0] ?? ""] ?? "windows-1252";
  }
  // Hardly a Latin letter among its words: most likely Cyrillic, the most common of those that need a page of their own.
  let high = 0;
  let latin = 0;
  for (const byte of bytes) {
    if (byte >= 0xc0) high++;
    else if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) latin++;
  }
  return high > latin ? "windows-1251" : "windows-1252";
}
