import type { Provider, Wallet, WalletInfo } from './provider';

interface Announcement {
  info: WalletInfo;
  provider: Provider;
}

/** More than anybody has; a page that is flooded with announcements keeps the first. */
const most = 30;

/**
 * The wallets of this browser, found through EIP-6963. A wallet may announce itself at any time, so listening does not end;
 * each one is listed once, in the order of its first announcement, and is never moved.
 */
class Discovery {
  wallets = $state.raw<Wallet[]>([]);
  private listening = false;

  start(): void {
    if (!this.listening) addEventListener('eip6963:announceProvider', (event) => this.heard(event));
    this.listening = true;
    dispatchEvent(new Event('eip6963:requestProvider'));
    // A wallet of before 2023 only stands on the window.
    const old = (window as { ethereum?: Provider }).ethereum;
    setTimeout(() => {
      if (old !== undefined && this.wallets.length === 0) {
        this.add({ info: { uuid: 'window', name: '', icon: '', rdns: '' }, provider: old });
      }
    }, 500);
  }

  find(rdns: string): Wallet | undefined {
    return this.wallets.find((wallet) => wallet.info.rdns === rdns);
  }

  private heard(event: Event): void {
    const { info, provider } = ((event as CustomEvent<unknown>).detail ?? {}) as Partial<Announcement>;
    if (typeof info?.uuid === 'string' && typeof info.name === 'string' && typeof provider?.request === 'function') {
      this.add({ info, provider });
    }
  }

  private add(wallet: Wallet): void {
    const known = this.wallets.some((other) => other.info.uuid === wallet.info.uuid);
    if (known || this.wallets.length >= most) return;
    this.wallets = [...this.wallets.filter((other) => other.info.uuid !== 'window'), wallet];
  }
}

export const discovery = new Discovery();

/** A wallet's picture, when it is one that may be shown: EIP-6963 asks for a data address, and none other is loaded. */
export function iconOf(info: WalletInfo): string | null {
  return /^data:image\/(svg\+xml|png|webp|jpeg|gif)[;,]/.test(info.icon) && info.icon.length < 100_000
    ? info.icon
    : null;
}
