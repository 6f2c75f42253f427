import { client } from '../api/client';
import type { Community, TestWallet as Told } from '../api/types';
import { sameHex } from '../format/hex';
import type { Hex } from '../proof/bytes';
import type { Wallet } from '../wallet/provider';

/** A wallet of a demonstration. Whatever shows it says that it is one. */
export interface TestWallet extends Wallet {
  address: Hex;
}

/**
 * The wallets that a demonstration gives to its visitors. They are asked for anew when the page is opened and live in its memory
 * alone. A community that is no demonstration is never asked, and what a node says of itself decides.
 */
class TestWallets {
  wallets = $state.raw<TestWallet[]>([]);
  private asked = false;

  async load(community: Community | null, asking: () => Promise<Told[]> = ask): Promise<void> {
    if (community?.demo !== true || this.asked) return;
    this.asked = true;
    try {
      this.wallets = (await asking()).map((told) => walletOf(told, community));
    } catch {
      // Without them there are the other ways in; the next screen that wants them asks again.
      this.asked = false;
    }
  }

  /** The test wallet of an account's address. */
  of(address: string | null | undefined): TestWallet | null {
    return this.wallets.find((wallet) => sameHex(wallet.address, address ?? '')) ?? null;
  }
}

export const testWallets = new TestWallets();

function ask(): Promise<Told[]> {
  return client.get<Told[]>('demo/wallets');
}

function walletOf({ name, address, key }: Told, community: Community): TestWallet {
  return {
    address: address as Hex,
    info: { uuid: `test:${address}`, name, icon: '', rdns: '' },
    provider: {
      // The code of keys comes when something is to be signed, not before.
      request: async ({ method, params }) => {
        const { TestSigner } = await import('./testSigner');
        return new TestSigner(key, BigInt(community.chainId)).answer(method, (params ?? []) as unknown[]);
      },
    },
  };
}
