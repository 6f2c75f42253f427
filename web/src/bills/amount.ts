import { parseDecimal } from '../community/decimal';

/** Digits of a coin behind the point. */
export const places = 18;

export type AmountFault = 'form' | 'zero' | 'most';

/** Coins as a person types them, in wei; what is wrong with them otherwise. `most` is the largest that makes sense. */
export function readAmount(text: string, most: bigint | null): { wei: bigint } | { fault: AmountFault } {
  // A thousand to some, one to others: of money nobody guesses.
  if (/^\d{1,3},\d{3}$/.test(text.trim())) return { fault: 'form' };
  const wei = parseDecimal(text, places);
  if (wei === null) return { fault: 'form' };
  if (wei === 0n) return { fault: 'zero' };
  return most !== null && wei > most ? { fault: 'most' } : { wei };
}

/** The id of premises as it stands in an address or on a bill; null when it is none. */
export function readPremises(text: string): `0x${string}` | null {
  const id = text.trim().toLowerCase();
  return /^0x[0-9a-f]{64}$/.test(id) && !/^0x0+$/.test(id) ? (id as `0x${string}`) : null;
}
