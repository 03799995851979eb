import { BlockList, isIP } from "node:net";
import type { FastifyRequest } from "fastify";

/** Loopback, private and link-local addresses (RFC 1918, RFC 3927, RFC 4193, RFC 4291). */
const near = new BlockList();
near.addSubnet("127.0.0.0", 8);
near.addSubnet("10.0.0.0", 8);
near.addSubnet("172.16.0.0", 12);
near.addSubnet("192.168.0.0", 16);
near.addSubnet("169.254.0.0", 16);
near.addAddress("::1", "ipv6");
near.addSubnet("fc00::", 7, "ipv6");
near.addSubnet("fe80::", 10, "ipv6");

/**
 * Whether a viewer is on this machine or in its network. A guess about bandwidth and nothing else: a proxy's word for its
 * client is taken, true or not.
 */
export function isNear({ ip, headers }: Pick<FastifyRequest, "ip" | "headers">): boolean {
  const forwarded = headers["x-forwarded-for"];
  const told = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(",")[0]?.trim();
  return isNearAddress(told ?? ip);
}

export function isNearAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, "");
  const version = isIP(plain);
  return version !== 0 && near.check(plain, version === 6 ? "ipv6" : "ipv4");
}
