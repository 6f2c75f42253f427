import type { SignInNonce } from '../api/types';
import type { Hex } from '../proof/bytes';
import { toHex } from '../proof/bytes';
import { ask, WalletError, type Provider } from './provider';

/** The message of Sign-In with Ethereum (EIP-4361), letter for letter as its grammar says. */
export function signInMessage(address: string, of: SignInNonce): string {
  return [
    `${of.domain} wants you to sign in with your Ethereum account:`,
    address,
    '',
    of.statement,
    '',
    `URI: ${of.uri}`,
    `Version: ${of.version}`,
    `Chain ID: ${of.chainId}`,
    `Nonce: ${of.nonce}`,
    `Issued At: ${of.issuedAt}`,
    `Expiration Time: ${of.expirationTime}`,
  ].join('\n');
}

/** Has the wallet sign a text (`personal_sign`). */
export async function personalSign(provider: Provider, text: string, address: string): Promise<Hex> {
  const signature = await ask(provider, 'personal_sign', [toHex(new TextEncoder().encode(text)), address]);
  if (typeof signature !== 'string' || !/^0x([0-9a-f]{2})+$/i.test(signature)) throw new WalletError('strange');
  return signature as Hex;
}
