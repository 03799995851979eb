import { attempt } from "../observe/guard.js";

/** A URL without query and fragment, where tokens live; undefined for one that holds its bytes itself, or stands for a MediaSource. */
export function plainUrl(url: string | null | undefined): string | undefined {
  if (!url || /^(blob|data):/.test(url)) return undefined;
  return attempt(() => {
    const { origin, pathname } = new URL(url, location.href);
    return (origin + pathname).slice(0, 512);
  });
}

/** A message of an error, which may repeat the URL, tokens and all. */
export function withoutUrls(message: string | null | undefined): string | undefined {
  return message?.replace(/https?:\S+/g, "(url)").slice(0, 512) || undefined;
}
