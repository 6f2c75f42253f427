import { client, withQuery } from '../api/client';
import type { BlockSummary, Page, TransactionSummary } from '../api/screens';
import type { Anchor } from '../api/types';

/* The ledger's lists. A bare array is a page whose cursor is made of its last item. */

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

export async function anchorsPage(microgrid: number, limit: number, cursor: string | null): Promise<Page<Anchor>> {
  const answer = await client.get<Page<Anchor> | Anchor[]>(
    withQuery('anchors', { microgrid, limit, cursor, before: cursor }),
  );
  if (!Array.isArray(answer)) return answer;
  return { items: answer, next: answer.length < limit ? null : (answer.at(-1)?.start ?? null) };
}
