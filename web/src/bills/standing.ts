import type { Bill } from '../api/screens';

const day = 86_400_000;

/** How a bill stands for who looks at it now. Days are whole: what is left of a day counts as one. */
export type Standing = { kind: 'paid' | 'credit' | 'disputed' } | { kind: 'open' | 'overdue'; days: number | null };

export function standingOf(bill: Pick<Bill, 'state' | 'due' | 'deadline'>, now: Date): Standing {
  if (bill.state !== 'open' && bill.state !== 'overdue') return { kind: bill.state };
  const day0 = bill.due ?? bill.deadline;
  if (day0 === null) return { kind: bill.state, days: null };
  const left = (Date.parse(day0) - now.getTime()) / day;
  // The list may be older than the present: a bill becomes overdue without a block.
  return left < 0 ? { kind: 'overdue', days: Math.ceil(-left) } : { kind: 'open', days: Math.ceil(left) };
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

/** Fewer days than this are urgent. */
const soon = 3;

export function toneOf(standing: Standing): Tone {
  switch (standing.kind) {
    case 'paid':
    case 'credit':
      return 'good';
    case 'disputed':
      return 'warn';
    case 'overdue':
      return 'bad';
    case 'open':
      return standing.days !== null && standing.days <= soon ? 'warn' : 'plain';
  }
}

/** Whether the contract takes an objection: to the latest bill, or to one that is still open; not twice to one version. */
export function canDispute(bill: Pick<Bill, 'number' | 'flags' | 'outstandingWei'>, latest: number): boolean {
  if (bill.flags.some((flag) => flag === 'disputed' || flag === 'answered')) return false;
  return bill.number === latest || BigInt(bill.outstandingWei) > 0n;
}
