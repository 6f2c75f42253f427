import { readAmount } from '../bills/amount';
import { decimalText, parseDecimal } from '../community/decimal';

const day = 86_400n;
/** Days from now within which the ledger wants a channel to end. */
export const mostDays = 366n;
const dayPlaces = 3;
/** So long after its end a channel can still be closed; then everything goes back. */
export const graceSeconds = day;

export type EndFault = 'form' | 'past' | 'late' | 'before';

/** When a channel is to end, typed in days from now, in Unix seconds. `current` is the end that it has. */
export function readEnd(text: string, now: Date, current: bigint | null = null): { end: bigint } | { fault: EndFault } {
  const negative = /^-\d+([.,]\d+)?$/.test(text.trim());
  const thousandths = negative ? 0n : parseDecimal(text, dayPlaces);
  if (thousandths === null) return { fault: 'form' };
  if (thousandths === 0n) return { fault: 'past' };
  if (thousandths > mostDays * 1000n) return { fault: 'late' };
  // A block comes no earlier than the page looks, so 366 days from now are not too late in it.
  const end = BigInt(Math.floor(now.getTime() / 1000)) + (thousandths * day) / 1000n;
  return current !== null && end <= current ? { fault: 'before' } : { end };
}

export type LockFault = 'form' | 'zero' | 'short';

/** Coins to lock, in wei, out of what is free; how much is missing, to the wei, otherwise. */
export function readLock(text: string, free: bigint | null): { wei: bigint } | { fault: LockFault; missing?: string } {
  const read = readAmount(text, null);
  if ('fault' in read) return { fault: read.fault === 'zero' ? 'zero' : 'form' };
  if (free !== null && read.wei > free) return { fault: 'short', missing: decimalText(read.wei - free, 18) };
  return read;
}
