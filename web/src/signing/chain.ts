import type { Hex } from '../proof/bytes';
import { Ledger, LedgerError } from '../proof/rpc';

export interface Call {
  from: Hex;
  to: Hex;
  data: Hex;
  value: bigint;
}

export interface Receipt {
  transaction: Hex;
  block: bigint;
  succeeded: boolean;
}

/** Beside what a trial run used: the state may be another when the transaction's turn comes. */
const gasMargin = 5n;

/** What sending a transaction asks of the ledger. Every failure is a LedgerError. */
export class Chain {
  constructor(
    private readonly ledger = new Ledger('/rpc'),
    private readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void> = pause,
  ) {}

  chainId(): Promise<bigint> {
    return this.ledger.chainId();
  }

  /** The gas that the call used on trial, with a margin; a refusal by the contract is a LedgerError with its data. */
  async gasFor(call: Call): Promise<bigint> {
    const used = quantity(await this.ledger.request('eth_estimateGas', [paramsOf(call)]));
    return used + used / gasMargin;
  }

  async nonceOf(account: Hex): Promise<bigint> {
    return quantity(await this.ledger.request('eth_getTransactionCount', [account, 'pending']));
  }

  /** Twice the present base fee bears six full blocks; zero on the community's own engine, where acting is free. */
  async fees(): Promise<{ most: bigint; tip: bigint }> {
    const block = await this.ledger.request('eth_getBlockByNumber', ['latest', false]);
    const base = (block as { baseFeePerGas?: unknown } | null)?.baseFeePerGas;
    const fee = base === undefined || base === null ? 0n : quantity(base);
    if (fee === 0n) return { most: 0n, tip: 0n };
    const tip = await this.ledger.request('eth_maxPriorityFeePerGas', []).then(quantity, () => 0n);
    return { most: 2n * fee + tip, tip };
  }

  async send(raw: Hex): Promise<Hex> {
    const hash = await this.ledger.request('eth_sendRawTransaction', [raw]);
    if (typeof hash !== 'string' || !/^0x[0-9a-f]{64}$/i.test(hash)) throw new LedgerError('no transaction hash');
    return hash as Hex;
  }

  /** Waits until the transaction is in a block, for as long as the reader wants to. */
  async receiptOf(transaction: Hex, signal: AbortSignal): Promise<Receipt> {
    for (;;) {
      const receipt = await this.ledger.request('eth_getTransactionReceipt', [transaction]).catch((error: unknown) => {
        // An empty result of "not yet" is no result for some nodes.
        if (error instanceof LedgerError) return null;
        throw error;
      });
      if (typeof receipt === 'object' && receipt !== null) {
        const { blockNumber, status } = receipt as { blockNumber?: unknown; status?: unknown };
        return { transaction, block: quantity(blockNumber), succeeded: status === '0x1' };
      }
      await this.wait(1_000, signal);
      signal.throwIfAborted();
    }
  }

  /** Why a transaction in a block was refused: the same call, asked at that block. */
  async refusalAt(call: Call, block: bigint): Promise<Hex | null> {
    try {
      await this.ledger.request('eth_call', [paramsOf(call), `0x${block.toString(16)}`]);
      return null;
    } catch (error) {
      return error instanceof LedgerError ? error.data : null;
    }
  }
}

function paramsOf(call: Call): Record<string, string> {
  return { from: call.from, to: call.to, data: call.data, value: `0x${call.value.toString(16)}` };
}

function quantity(value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(value)) throw new LedgerError('no number');
  return BigInt(value);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
