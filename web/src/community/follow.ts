import { community } from '../community.svelte';

/**
 * Asks again whenever a block brings transactions, until what it gives is called. A transaction of the reader's own is in
 * a block a moment before the node's lists have it, and others act too.
 */
export function followLedger(...answers: readonly { again: () => void }[]): () => void {
  const again = () => answers.forEach((answer) => answer.again());
  return community.live.listen({
    block: ({ transactions }) => {
      if (transactions > 0) again();
    },
    relinked: again,
  });
}
