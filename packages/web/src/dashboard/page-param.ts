import { place, setQuery } from "../router/router.js";

/** A parameter of the address that one page owns. What equals `fallback` is left out of the address. */
export function usePageParam(name: string, fallback: string): readonly [string, (next: string) => void] {
  const value = new URLSearchParams(place.value.query).get(name) ?? fallback;
  const set = (next: string) => {
    const params = new URLSearchParams(place.peek().query);
    if (next === fallback) params.delete(name);
    else params.set(name, next);
    setQuery(params);
  };
  return [value, set];
}
