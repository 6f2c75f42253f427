import type { SignInNonce } from '../api/types';
import type { Hex } from '../proof/bytes';
import type { Wallet } from '../wallet/provider';
import { personalSign } from '../wallet/signIn';
import { bindingText, type BoundKey } from './made';

/** A key that can be bound to a new account: made in this browser, or held by a wallet. */
export interface OwnedKey {
  readonly address: Hex;
  /** Proves with a nonce of the node that the key is at hand. */
  bind(nonce: Pick<SignInNonce, 'domain' | 'nonce'>): BoundKey | Promise<WalletBoundKey>;
  forget(): void;
}

/** As the node gets a key that stays in its wallet: no keystore. */
export type WalletBoundKey = Omit<BoundKey, 'keystore'>;

/** The key of a wallet's account; it never leaves the wallet. */
export class WalletKey implements OwnedKey {
  constructor(
    readonly address: Hex,
    readonly wallet: Wallet,
  ) {}

  async bind({ domain, nonce }: Pick<SignInNonce, 'domain' | 'nonce'>): Promise<WalletBoundKey> {
    const { address } = this;
    const signature = await personalSign(this.wallet.provider, bindingText(domain, address, nonce), address);
    return { address, proof: { nonce, signature } };
  }

  forget(): void {}
}
