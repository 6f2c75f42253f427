const storageKey = 'busbar.rpc';

/** Where the ledger is asked: the node's own `/rpc`, or what the reader chose and this device remembers. */
export const ownRpc = '/rpc';

export function rememberedRpc(): string {
  return localStorage.getItem(storageKey) ?? ownRpc;
}

export function rememberRpc(address: string): void {
  if (address === ownRpc) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, address);
}

export function isAddress(text: string): boolean {
  return /^0x[0-9a-fA-F]{40}$/.test(text);
}
