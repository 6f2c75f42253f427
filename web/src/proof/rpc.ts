import type { Hex } from './bytes';

/** The ledger's RPC address did not give an answer that can be used. */
export class LedgerError extends Error {
  constructor(
    message: string,
    /** What a contract returned with its refusal. */
    readonly data: Hex | null = null,
  ) {
    super(message);
  }
}

const patience = 15_000;

/** Asks an Ethereum node over JSON-RPC. Every failure is a LedgerError that says why in words. */
export class Ledger {
  private next = 1;

  constructor(
    private readonly address: string,
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  async chainId(): Promise<bigint> {
    const answer = await this.request('eth_chainId', []);
    if (typeof answer !== 'string' || !/^0x[0-9a-f]{1,16}$/i.test(answer)) throw new LedgerError('no chain number');
    return BigInt(answer);
  }

  /** The result of calling a view of a contract at the newest block. */
  async call(to: Hex, data: Hex): Promise<Hex> {
    const answer = await this.request('eth_call', [{ to, data }, 'latest']);
    if (typeof answer !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(answer)) throw new LedgerError('no result');
    return answer.toLowerCase() as Hex;
  }

  /** The result of any method. */
  async request(method: string, params: unknown[]): Promise<unknown> {
    let response: Response;
    try {
      response = await this.fetcher(this.address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: this.next++, method, params }),
        signal: AbortSignal.timeout(patience),
      });
    } catch {
      throw new LedgerError(`no answer from ${this.address}`);
    }
    let body: unknown;
    try {
      body = await response.json();
    } catch {
      throw new LedgerError(`${this.address} answered ${response.status}, and no JSON`);
    }
    const { result, error } = (body ?? {}) as {
      result?: unknown;
      error?: { message?: unknown; data?: unknown };
    };
    if (error !== undefined && error !== null) {
      throw new LedgerError(String(error.message ?? 'refused'), revertData(error));
    }
    if (result === undefined) throw new LedgerError(`${this.address} answered ${response.status} without a result`);
    return result;
  }
}

/** The bytes that a contract refused with, wherever a node or a wallet puts them. */
export function revertData(error: unknown, depth = 0): Hex | null {
  if (typeof error === 'string') return /^0x([0-9a-f]{2}){4,}$/i.test(error) ? (error.toLowerCase() as Hex) : null;
  if (typeof error !== 'object' || error === null || depth > 4) return null;
  const { data, error: inner, originalError, cause } = error as Record<string, unknown>;
  for (const part of [data, inner, originalError, cause]) {
    const found = revertData(part, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
