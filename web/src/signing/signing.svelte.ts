import type { Hex } from '../proof/bytes';

/** A transaction that the reader is asked to make, said in words before it is signed. */
export interface Act {
  /** What it is, as the title: "Admit House 7". */
  title: string;
  /** What it does and what follows from it, in a sentence or two. */
  words: string;
  /** The figures of it, each by name. */
  facts?: readonly { name: string; value: string }[];
  to: Hex;
  data: Hex;
  /** Wei. */
  value?: bigint;
}

/** Where an act ended: the transaction and its block. */
export interface Done {
  transaction: Hex;
  block: bigint;
}

interface Pending {
  act: Act;
  resolve: (done: Done | null) => void;
}

/**
 * Acts that wait for the reader, one after the other. The frame shows the window for the first one; nothing is signed
 * without the reader's own word for this very act.
 */
class Signing {
  private queue = $state.raw<Pending[]>([]);

  get current(): Act | null {
    return this.queue[0]?.act ?? null;
  }

  /**
   * Shows what the act does, has it signed by the reader's wallet or by their key in this browser, sends it and waits for
   * its block. Null when the reader decided against it, or when it was refused; the window says why before it closes.
   */
  propose(act: Act): Promise<Done | null> {
    return new Promise((resolve) => (this.queue = [...this.queue, { act, resolve }]));
  }

  /** Ends the first act. */
  settle(done: Done | null): void {
    const [first, ...rest] = this.queue;
    this.queue = rest;
    first?.resolve(done);
  }
}

export const signing = new Signing();
