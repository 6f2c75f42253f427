import type { SignInNonce } from '../api/types';
import type { Hex } from '../proof/bytes';
import { addressOf, signMessage } from './account';
import type { Keystore } from './keystore';

/** What goes to the node of a key: its address, the key under its secret, and the proof that it is at hand. Never the key. */
export interface BoundKey {
  address: Hex;
  keystore: Keystore;
  proof: { nonce: string; signature: Hex };
}

/** A key made or restored in this browser, held until it is bound to an account. */
export class MadeKey {
  readonly address: Hex;
  private readonly key: Uint8Array;

  constructor(
    key: Uint8Array,
    readonly keystore: Keystore,
  ) {
    this.key = key;
    this.address = addressOf(key);
  }

  /** Binds the key with a nonce of the node. */
  bind({ domain, nonce }: Pick<SignInNonce, 'domain' | 'nonce'>): BoundKey {
    const signature = signMessage(bindingText(domain, this.address, nonce), this.key);
    return { address: this.address, keystore: this.keystore, proof: { nonce, signature } };
  }

  /** Wipes the key from memory, as far as a browser lets a page do so. */
  forget(): void {
    this.key.fill(0);
  }
}

/** The text whose signature binds a key to an account; the node makes the same. */
export function bindingText(domain: string, address: string, nonce: string): string {
  return `${domain}: bind this key to a Busbar account.\nAddress: ${address}\nNonce: ${nonce}`;
}
