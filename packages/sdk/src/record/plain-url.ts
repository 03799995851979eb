import { attempt } from "../observe/guard.js";

/** A URL without query and fragment, where tokens live; undefined for the `blob:` that stands for a MediaSource. */
export function plainUrl(url: string | null | undefined): string | undefined {
  if (!url || url.startsWith("blob:")) return undefined;
  return attempt(() => {
    const { origin, pathname } = new URL(url, location.href);
    return (origin + pathname).slice(0, 512);
  });
}
