import type { Bill } from '../api/screens';
import { community } from '../community.svelte';

/** A bill's first and last day in the community's zone; null for arrears, which have none. */
export function periodOf({ start, end }: Pick<Bill, 'start' | 'end'>): string | null {
  if (start === null || end === null) return null;
  // The end is the first instant after the period: a month ends on its last day, not on the next one's first.
  const last = new Date(Date.parse(end) - 1);
  const [from, to] = [community.clock.date(new Date(start)), community.clock.date(last)];
  return from === to ? from : `${from} – ${to}`;
}
