const storageKey = 'busbar.wallet';

/** The wallet that was used last on this device, by its reverse domain name; empty when none was. */
export function rememberedWallet(): string {
  return localStorage.getItem(storageKey) ?? '';
}

export function rememberWallet(rdns: string): void {
  localStorage.setItem(storageKey, rdns);
}
