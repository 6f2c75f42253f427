import type { Hex } from '../proof/bytes';
import { Ledger, LedgerError } from '../proof/rpc';
import { refusalOf } from '../signing/revert';

const pause = 300;

/** Whether the ledger would take a call now: asked a moment after the last keystroke. A ledger that is silent says nothing. */
export class Trial {
  /** The name of the contract's error; null while there is none. */
  refusal = $state.raw<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;

  constructor(private readonly ledger: Pick<Ledger, 'request'> = new Ledger('/rpc')) {}

  /** Null forgets. */
  ask(call: { from: string; to: string; data: Hex } | null): void {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    this.refusal = null;
    if (call !== null) this.timer = setTimeout(() => void this.try(call, turn), pause);
  }

  private async try(call: { from: string; to: string; data: Hex }, turn: number): Promise<void> {
    let name: string | null = null;
    try {
      await this.ledger.request('eth_call', [call, 'latest']);
    } catch (error) {
      const data = error instanceof LedgerError ? error.data : null;
      name = data === null ? null : (refusalOf(data)?.name ?? null);
    }
    if (turn === this.turn) this.refusal = name;
  }
}
