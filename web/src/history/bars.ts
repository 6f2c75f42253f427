import type { History, HistoryRow } from '../api/screens';
import type { Slot } from './span';

/** What is known of a bar: measured at both ends, estimated, known in part, not known although over, or not over. */
export type Knowledge = 'measured' | 'estimated' | 'partial' | 'missing' | 'ahead';

export interface Bar extends Slot {
  importMwh: bigint;
  exportMwh: bigint;
  knowledge: Knowledge;
}

export interface Energies {
  importMwh: bigint;
  exportMwh: bigint;
}

/** Puts the node's rows into their places; a row that fits none belongs to another question and is left out. */
export function barsOf(slots: readonly Slot[], rows: readonly HistoryRow[], now: Date): Bar[] {
  const byStart = new Map(rows.map((row) => [Date.parse(row.start), row]));
  return slots.map((slot) => {
    const row = byStart.get(slot.start.getTime());
    const [importMwh, exportMwh] =
      row === undefined ? [0n, 0n] : [BigInt(row.importMwh ?? '0'), BigInt(row.exportMwh ?? '0')];
    return { ...slot, importMwh, exportMwh, knowledge: knowledgeOf(slot, row, now) };
  });
}

function knowledgeOf(slot: Slot, row: HistoryRow | undefined, now: Date): Knowledge {
  if (slot.start >= now) return 'ahead';
  if (row === undefined) return slot.end > now ? 'ahead' : 'missing';
  if (!row.complete) {
    const nothing = (row.importMwh ?? '0') === '0' && (row.exportMwh ?? '0') === '0';
    return nothing && slot.end <= now ? 'missing' : nothing ? 'ahead' : 'partial';
  }
  return row.estimated ? 'estimated' : 'measured';
}

export function sumOf(bars: readonly Energies[]): Energies {
  return bars.reduce<Energies>(
    (sum, bar) => ({ importMwh: sum.importMwh + bar.importMwh, exportMwh: sum.exportMwh + bar.exportMwh }),
    { importMwh: 0n, exportMwh: 0n },
  );
}

/**
 * The total is the difference of registers, as the node says it; what the bars do not hold of it is known to have
 * flowed, but not when. It is shown apart, so that bars and total never disagree silently.
 */
export function outsideBars(total: History['total'], bars: readonly Bar[]): Energies {
  const sum = sumOf(bars);
  return {
    importMwh: BigInt(total.importMwh) - sum.importMwh,
    exportMwh: BigInt(total.exportMwh) - sum.exportMwh,
  };
}

/** Both stretches over the bars that are over and known in both; null when there is none to hold against another. */
export function compare(
  present: readonly Bar[],
  before: readonly Bar[],
): { present: Energies; before: Energies; bars: number } | null {
  const both = present.flatMap((bar, i) => {
    const other = before[i];
    return other !== undefined && isWhole(bar) && isWhole(other) ? [{ bar, other }] : [];
  });
  if (both.length === 0) return null;
  return {
    present: sumOf(both.map(({ bar }) => bar)),
    before: sumOf(both.map(({ other }) => other)),
    bars: both.length,
  };
}

/** The change in whole percent, rounded half away from zero; null when there was nothing before. */
export function percentOf(present: bigint, before: bigint): number | null {
  if (before === 0n) return null;
  return Math.round((Number(present - before) / Number(before)) * 100);
}

function isWhole({ knowledge }: Bar): boolean {
  return knowledge === 'measured' || knowledge === 'estimated';
}
