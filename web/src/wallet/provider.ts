/** What a wallet offers to a page (EIP-1193). */
export interface Provider {
  request(asked: { method: string; params?: unknown }): Promise<unknown>;
}

/** How a wallet presents itself (EIP-6963). */
export interface WalletInfo {
  uuid: string;
  name: string;
  icon: string;
  rdns: string;
}

export interface Wallet {
  info: WalletInfo;
  provider: Provider;
}

export type WalletFault =
  'rejected' | 'pending' | 'noAccount' | 'otherAccount' | 'wrongChain' | 'unsupported' | 'disconnected' | 'strange';

/** A wallet did not do what it was asked. */
export class WalletError extends Error {
  constructor(
    readonly fault: WalletFault,
    readonly said = '',
  ) {
    super(said === '' ? fault : `${fault}: ${said}`);
  }
}

/** The faults by the numbers of EIP-1193, EIP-1474 and EIP-3326. */
const faults: Record<number, WalletFault> = {
  4001: 'rejected',
  4100: 'noAccount',
  4200: 'unsupported',
  4900: 'disconnected',
  4901: 'wrongChain',
  4902: 'wrongChain',
  [-32002]: 'pending',
  [-32601]: 'unsupported',
};

export function codeOf(error: unknown): number | null {
  const { code, data } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown;
    data?: { originalError?: { code?: unknown } };
  };
  // Mobile wallets put the number of an unknown chain inside.
  const inner = data?.originalError?.code;
  return typeof inner === 'number' ? inner : typeof code === 'number' ? code : null;
}

/** Asks a wallet; a refusal is a WalletError, and data that a contract gave with it stays on the cause. */
export async function ask(provider: Provider, method: string, params: unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const fault = new WalletError(faults[codeOf(error) ?? 0] ?? 'strange', messageOf(error));
    fault.cause = error;
    throw fault;
  }
}

function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
  return typeof message === 'string' ? message.slice(0, 300) : '';
}
