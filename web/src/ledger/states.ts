import type { Anchor } from '../api/types';
import type { Text } from '../text/en';

export type Status = keyof Text['status'];
export type Balance = keyof Text['balance'];

/** The state of an anchor; one that this page does not know counts as waiting, never as anchored. */
export function statusOf(anchor: Anchor): Status {
  const status = anchor.status.toLowerCase();
  return status === 'anchored' || status === 'sent' || status === 'failed' ? status : 'waiting';
}

export function balanceOf(anchor: Anchor): Balance | null {
  const { balance } = anchor;
  return balance === 'Balanced' || balance === 'Discrepancy' || balance === 'Unbalanced' ? balance : null;
}
