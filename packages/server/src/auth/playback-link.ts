/**
 * A link that lets a player without a sign-in (a TV, VLC, `<video>` of another site) play one media item.
 *
 * Its first address is `/api/v1/stream/<media id>?expires=…&user=…&sig=…`. Below it, playlists name what they list by
 * relative URIs, and players drop the query when they follow one: there the same fields are one segment of the path, in
 * the place of the HLS session's id: `/api/v1/hls/<media id>~<user>~<expires>~<sig>~<view>[~<codecs>]/…`.
 */
export interface PlaybackLink {
  readonly mediaId: string;
  readonly userId: string;
  /** Unix seconds. */
  readonly expires: number;
  /** HMAC over the three above, base64url. */
  readonly signature: string;
  /** Names one player's view through this link; none before it has one. Not signed: it opens nothing. */
  readonly view: string | undefined;
  /** Codec strings that the player says it plays. Not signed either. */
  readonly supported: readonly string[] | undefined;
}

/** Stands in no id, no codec string and no base64url; RFC 3986 leaves it unescaped. */
const SEPARATOR = "~";
const signatureForm = /^[\w-]{43}$/;
const expiresForm = /^\d{1,11}$/;

/** The link in a query and the media id before it; undefined when the query holds none. */
export function linkOfQuery(mediaId: string, query: Readonly<Record<string, unknown>>): PlaybackLink | undefined {
  const { expires, user, sig, supported } = query;
  // Whoever sends one of them means a link; half of one must not be taken for none.
  if (sig === undefined && expires === undefined && user === undefined) return undefined;
  return linkOf(mediaId, text(user), text(expires), text(sig), undefined, text(supported) || undefined);
}

/** The link in the place of an HLS session's id; undefined when there is none. */
export function linkOfPath(segment: string): PlaybackLink | undefined {
  if (!segment.includes(SEPARATOR)) return undefined;
  const [mediaId = "", userId = "", expires = "", signature = "", view = "", codecs] = segment.split(SEPARATOR);
  return linkOf(mediaId, userId, expires, signature, view, codecs);
}

/** @throws {RangeError} when the player named more codecs than an address can hold. */
export function pathSegmentOf(link: PlaybackLink, view: string): string {
  const { mediaId, userId, expires, signature, supported } = link;
  const fields = [mediaId, userId, String(expires), signature, view, ...(supported ? [supported.join(",")] : [])];
  return encodeURIComponent(fields.join(SEPARATOR));
}

/** Path and query of the link. */
export function addressOf({ mediaId, userId, expires, signature }: PlaybackLink): string {
  const query = new URLSearchParams({ expires: String(expires), user: userId, sig: signature });
  return `/api/v1/stream/${encodeURIComponent(mediaId)}?${query.toString()}`;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What is malformed gets a signature that fits nothing: it is refused like any other wrong one. */
function linkOf(
  mediaId: string,
  userId: string,
  expires: string,
  signature: string,
  view: string | undefined,
  codecs: string | undefined,
): PlaybackLink {
  return {
    mediaId,
    userId,
    expires: expiresForm.test(expires) ? Number(expires) : 0,
    signature: signatureForm.test(signature) && expiresForm.test(expires) ? signature : "",
    view,
    supported: codecs?.split(",").map((codec) => codec.trim()),
  };
}
