import { BlockList, isIP } from "node:net";

/** A message may not go there. The message says why. */
export class ForbiddenDestinationError extends Error {
  override readonly name = "ForbiddenDestinationError";
}

/**
 * Where no message goes, whoever sets it. Link-local addresses are where clouds answer with the machine's own credentials
 * (169.254.169.254 and its kin); the others are no place to post to. Private networks and loopback are allowed: whoever
 * receives alerts often lives there, and the administrator alone sets addresses.
 */
const forbidden = new BlockList();
forbidden.addSubnet("169.254.0.0", 16, "ipv4");
forbidden.addSubnet("224.0.0.0", 4, "ipv4");
forbidden.addAddress("255.255.255.255", "ipv4");
forbidden.addAddress("100.100.100.200", "ipv4");
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addSubnet("ff00::", 8, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("::", "ipv6");
forbidden.addAddress("0.0.0.0", "ipv4");

/** @throws {ForbiddenDestinationError} */
export function checkAddress(address: string): void {
  const family = isIP(address);
  if (family === 0 || forbidden.check(address, family === 6 ? "ipv6" : "ipv4")) {
    throw new ForbiddenDestinationError(`${address} is an address to which no alert is sent.`);
  }
}

/** A webhook's address: http or https, without credentials in it. @throws {ForbiddenDestinationError} */
export function parseDestination(text: string): URL {
  if (!URL.canParse(text)) throw new ForbiddenDestinationError("webhookUrl is no URL.");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ForbiddenDestinationError("webhookUrl must begin with https:// or http://.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new ForbiddenDestinationError("webhookUrl must hold no user name or password.");
  }
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0) checkAddress(literal);
  return url;
}
