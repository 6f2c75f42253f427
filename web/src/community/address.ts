import { keccak, type Hex } from '../proof/bytes';

/** An address as it is written for people: capital letters are a checksum (EIP-55). */
export function checksummed(address: string): Hex {
  const digits = address.slice(2).toLowerCase();
  const hash = keccak(new TextEncoder().encode(digits)).slice(2);
  const letters = [...digits].map((digit, i) => (Number.parseInt(hash[i]!, 16) >= 8 ? digit.toUpperCase() : digit));
  return `0x${letters.join('')}`;
}

export type AddressFault = 'form' | 'checksum' | 'zero';

/** The address that a text holds, with its checksum; or what is wrong with it. All lower or all upper case has no checksum. */
export function parseAddress(text: string): { address: Hex } | { fault: AddressFault } {
  const trimmed = text.trim();
  if (!/^0x[0-9a-f]{40}$/i.test(trimmed)) return { fault: 'form' };
  const digits = trimmed.slice(2);
  if (/^0+$/.test(digits)) return { fault: 'zero' };
  const address = checksummed(trimmed);
  const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return mixed && address.slice(2) !== digits ? { fault: 'checksum' } : { address };
}

/** `0x1234…abcd`. */
export function shortHex(text: string): string {
  return text.length <= 14 ? text : `${text.slice(0, 6)}…${text.slice(-4)}`;
}
