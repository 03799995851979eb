import type { Stop } from "../observe/listen.js";
import type { Observed } from "../observe/observed.js";

/** A library that drives an element, as far as the SDK uses it. */
export interface Engine {
  /** As its makers spell it. */
  readonly name: string;
  readonly version?: string | undefined;
  /** Of the source that was asked for, before the element has it. */
  readonly url?: string | null | undefined;
  /** Undefined: not known (yet). */
  readonly isLive?: boolean | undefined;
  /** It tells which rendition is on screen; else the size of the picture has to do. */
  readonly tellsQuality: boolean;
  /** What it tells beyond its element: renditions, requests, errors. */
  observe(observed: Observed): Stop;
}

/**
 * Knows one library by the shape of its instances, so that none of them is a dependency: the one that the page gave,
 * else the one that left a trace on the element. Undefined: it is another library's, or nobody's.
 */
export type Adapter = (given: unknown, video: HTMLVideoElement) => Engine | undefined;

/** A property of what may be anything. */
export function read(value: unknown, name: string): unknown {
  return value instanceof Object ? Reflect.get(value, name) : undefined;
}

export function hasMethods<N extends string>(
  value: unknown,
  ...names: readonly N[]
): value is { readonly [K in N]: () => unknown } {
  return names.every((name) => typeof read(value, name) === "function");
}

/** The static `version` of an instance's class. */
export function versionOf(instance: unknown): string | undefined {
  const version = read(read(instance, "constructor"), "version");
  return typeof version === "string" ? version : undefined;
}
