import { checksummed } from '../keys/account';
import type { Hex } from '../proof/bytes';

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
