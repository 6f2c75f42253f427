import { client } from '../api/client';
import type { Community, Session, SignInNonce } from '../api/types';
import { communityChain } from '../wallet/communityChain';
import { connect, toChain } from '../wallet/connect';
import type { Wallet } from '../wallet/provider';
import { personalSign, signInMessage } from '../wallet/signIn';
import { session } from './session.svelte';

/** Signs in by a wallet's signature over a message of EIP-4361. */
export async function signInWith(wallet: Wallet, community: Community): Promise<void> {
  const address = await connect(wallet.provider);
  await toChain(wallet.provider, communityChain(community));
  const nonce = await client.post<SignInNonce>('session/nonce');
  const message = signInMessage(address, nonce);
  const signature = await personalSign(wallet.provider, message, address);
  await session.take(await client.post<Session>('session/wallet', { message, signature }));
}
