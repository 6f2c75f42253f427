import type { BillDetail, BillLine } from '../api/screens';

/** A line with the part of the period's energy that a slab's price is for: the first 100 kWh, the next 50. */
export interface SpelledLine {
  line: BillLine;
  /** Milliwatt hours; null for what is no slab. */
  from: bigint | null;
  to: bigint | null;
}

export function spelled(lines: readonly BillLine[]): SpelledLine[] {
  let counted = 0n;
  return lines.map((line) => {
    if (line.kind !== 'slab') return { line, from: null, to: null };
    const from = counted;
    counted += BigInt(line.energyMwh ?? '0');
    return { line, from, to: counted };
  });
}

/** What the registers say apart from each other, with what earlier meters of the same period had counted. */
export function difference(bill: BillDetail, which: 'importMwh' | 'exportMwh'): bigint | null {
  if (bill.opening === null || bill.closing === null) return null;
  const before = which === 'importMwh' ? bill.opening.importBeforeMwh : bill.opening.exportBeforeMwh;
  return BigInt(bill.closing[which]) - BigInt(bill.opening[which]) + BigInt(before);
}

const coin = 10n ** 18n;

/** As many decimals as make an amount readable: two for large ones, more the smaller it is. */
export function decimalsFor(wei: bigint | string): number {
  const exact = BigInt(wei);
  const size = exact < 0n ? -exact : exact;
  if (size === 0n || size >= 10n * coin) return 2;
  return size >= coin / 10n ? 4 : 6;
}
