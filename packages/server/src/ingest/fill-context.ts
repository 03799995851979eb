import type { Context } from "@playhead/protocol";
import { deviceOf } from "./device.js";

/**
 * Contexts with what the request tells: the device that sent them, where they do not name one, for what they do say stands;
 * and the country, which only a proxy's header tells, so that what they say of it does not count. One context stays one.
 */
export function fillContext(userAgent: string | undefined, country: string | undefined): (context: Context) => Context {
  const device = deviceOf(userAgent);
  const filled = new Map<Context, Context>();
  const fill = (context: Context): Context => {
    const { country: _, ...rest } = context;
    const withDevice = device !== undefined && context.device?.browser === undefined;
    return {
      ...rest,
      ...(withDevice && { device: { ...device, ...context.device } }),
      ...(country !== undefined && { country }),
    };
  };
  return (context) => {
    const isFull = context.device?.browser !== undefined || device === undefined;
    if (isFull && context.country === country) return context;
    const known = filled.get(context) ?? fill(context);
    filled.set(context, known);
    return known;
  };
}
