import { checksummed } from '../keys/account';
import type { Hex } from '../proof/bytes';
import { ask, codeOf, WalletError, type Provider } from './provider';

/** The community's chain, as it is offered to a wallet. */
export interface Chain {
  id: bigint;
  name: string;
  rpc: string;
}

const unknownChain = 4902;

/** The account that the reader lets the page see. */
export async function connect(provider: Provider): Promise<Hex> {
  const accounts = await ask(provider, 'eth_requestAccounts');
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
  if (typeof first !== 'string' || !/^0x[0-9a-f]{40}$/i.test(first)) throw new WalletError('noAccount');
  return checksummed(first);
}

/** Brings the wallet to the community's chain: it is switched to (EIP-3326), or added first (EIP-3085) when not known. */
export async function toChain(provider: Provider, chain: Chain): Promise<void> {
  if (await isOn(provider, chain)) return;
  const chainId = `0x${chain.id.toString(16)}`;
  try {
    await ask(provider, 'wallet_switchEthereumChain', [{ chainId }]);
  } catch (error) {
    if (!(error instanceof WalletError) || codeOf(error.cause) !== unknownChain) throw error;
    await addChain(provider, chain);
    // Not every wallet switches to what it adds.
    if (!(await isOn(provider, chain))) await ask(provider, 'wallet_switchEthereumChain', [{ chainId }]);
  }
  if (!(await isOn(provider, chain))) throw new WalletError('wrongChain');
}

/** Offers the chain to the wallet. */
export async function addChain(provider: Provider, chain: Chain): Promise<void> {
  const chainId = `0x${chain.id.toString(16)}`;
  const nativeCurrency = { name: 'Coin', symbol: 'COIN', decimals: 18 };
  await ask(provider, 'wallet_addEthereumChain', [
    { chainId, chainName: chain.name, nativeCurrency, rpcUrls: [chain.rpc] },
  ]);
}

async function isOn(provider: Provider, chain: Chain): Promise<boolean> {
  const id = await ask(provider, 'eth_chainId');
  return typeof id === 'string' && /^0x[0-9a-f]{1,16}$/i.test(id) && BigInt(id) === chain.id;
}
