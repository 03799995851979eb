/** One page address: `/media/:id`; a last part `*` takes whatever follows, also nothing. */
export interface Route {
  readonly pattern: string;
}

export interface Match<R extends Route> {
  readonly route: R;
  readonly params: Readonly<Record<string, string>>;
}

/** The first route whose pattern fits the path. Parameters are decoded; one that can't be decoded fits nothing. */
export function matchRoute<R extends Route>(routes: readonly R[], path: string): Match<R> | undefined {
  for (const route of routes) {
    const params = fit(parts(route.pattern), parts(path));
    if (params) return { route, params };
  }
  return undefined;
}

function parts(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

function fit(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const open = pattern.at(-1) === "*";
  const fixed = open ? pattern.slice(0, -1) : pattern;
  if (open ? path.length < fixed.length : path.length !== fixed.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of fixed.entries()) {
    const given = path[i] ?? "";
    if (!part.startsWith(":")) {
      if (part !== given) return undefined;
      continue;
    }
    const value = decode(given);
    if (value === undefined) return undefined;
    params[part.slice(1)] = value;
  }
  if (open) params["*"] = path.slice(fixed.length).join("/");
  return params;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
