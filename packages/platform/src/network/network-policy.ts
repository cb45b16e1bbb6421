import { AppError } from "@finops/kernel/app-error";
import ipaddr from "ipaddr.js";
import * as z from "zod";
import type { SettingsSection } from "../tenancy/settings-section.ts";

/** From where a company lets people and keys in. */
export const NetworkPolicy = z.object({
  /** CIDR ranges or single addresses, IPv4 and IPv6; none lets everybody in. */
  allowedRanges: z.array(z.string().max(64)).max(200).default([]),
});

export type NetworkPolicy = z.output<typeof NetworkPolicy>;

export const networkPolicySection: SettingsSection<NetworkPolicy> = { key: "network", schema: NetworkPolicy };

/** Whether the policy lets an address in. An unknown address is let in by an empty policy alone. */
export function letsIn({ allowedRanges }: NetworkPolicy, address: string | null): boolean {
  if (allowedRanges.length === 0) return true;
  if (address === null || !ipaddr.isValid(address)) return false;
  const asked = ipaddr.process(address);
  return allowedRanges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === asked.kind() && asked.match(network, bits);
  });
}

/** A range in one way of writing: `192.0.2.7` is `192.0.2.7/32`. @throws invalid for what is none */
export function parseRange(text: string): string {
  const isRange = text.includes("/");
  if (isRange ? !ipaddr.isValidCIDR(text) : !ipaddr.isValid(text) || !isWholeAddress(text))
    throw new AppError(
      "invalid",
      `"${text.slice(0, 64)}" is no range of addresses. Write 192.0.2.0/24, 2001:db8::/32 or a single address.`,
    );
  const [given, givenBits] = isRange ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), null];
  const isMapped = given.kind() === "ipv6" && (given as ipaddr.IPv6).isIPv4MappedAddress();
  const address = isMapped ? (given as ipaddr.IPv6).toIPv4Address() : given;
  const lengthBits = address.kind() === "ipv4" ? 32 : 128;
  const bits = givenBits === null ? lengthBits : isMapped ? givenBits - 96 : givenBits;
  if (bits < 0)
    throw new AppError("invalid", `"${text}" is wider than the IPv4 addresses that it maps. Write the IPv4 range.`);
  const network = ipaddr.parse(networkOf(address, bits));
  return `${network.toString()}/${bits}`;
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): string {
  const cidr = `${address.toString()}/${bits}`;
  const network =
    address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return network.toString();
}

/** `10.1` and `0x7f.1` are addresses to some programs, and mistakes to people. */
function isWholeAddress(text: string): boolean {
  return text.includes(":") || ipaddr.IPv4.isValidFourPartDecimal(text);
}
