/**
 * Whether the client has what it asks for (RFC 9110 §13.1.2, §13.1.3). A weak tag is enough for that.
 * @param noneMatch the If-None-Match header, which goes before If-Modified-Since.
 */
export function isUnchanged(noneMatch: string | undefined, etag: string, since?: string, modified?: Date): boolean {
  if (noneMatch !== undefined) {
    const opaque = withoutWeakness(etag);
    return noneMatch.split(",").some((tag) => tag.trim() === "*" || withoutWeakness(tag.trim()) === opaque);
  }
  return since !== undefined && modified !== undefined && Date.parse(since) >= modified.getTime();
}

/**
 * Whether a range of the client's is one of these very bytes (RFC 9110 §13.1.5): a weak tag never is.
 * @param ifRange the If-Range header.
 */
export function isSameVersion(ifRange: unknown, etag: string, modified?: Date): boolean {
  if (ifRange === undefined) return true;
  if (typeof ifRange !== "string") return false;
  if (ifRange.startsWith('"')) return ifRange === etag;
  return modified !== undefined && Date.parse(ifRange) === modified.getTime();
}

const withoutWeakness = (tag: string): string => tag.replace(/^W\//, "");
