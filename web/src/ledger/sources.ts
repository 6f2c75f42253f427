import { client, withQuery } from '../api/client';
import type { BlockSummary, Page, TransactionSummary } from '../api/screens';
import type { Anchor } from '../api/types';

/* The ledger's lists. */

export function blocksPage(limit: number, cursor: string | null): Promise<Page<BlockSummary>> {
  return client.get(withQuery('explorer/blocks', { limit, cursor }));
}

export function transactionsPage(
  of: { block?: string; address?: string },
  limit: number,
  cursor: string | null,
): Promise<Page<TransactionSummary>> {
  return client.get(withQuery('explorer/transactions', { ...of, limit, cursor }));
}

export function anchorsPage(microgrid: number, limit: number, cursor: string | null): Promise<Page<Anchor>> {
  return client.get(withQuery('anchors', { microgrid, limit, cursor }));
}
