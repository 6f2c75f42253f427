import { decryptKey } from '../keys/keystore';
import { sameHex } from '../format/hex';
import type { Hex } from '../proof/bytes';
import { LedgerError, revertData } from '../proof/rpc';
import { connect, toChain, type Chain as WalletChain } from '../wallet/connect';
import { ask, WalletError, type Provider } from '../wallet/provider';
import type { Call, Chain, Receipt } from './chain';
import { refusalOf, type Refusal } from './revert';
import type { Act, Done } from './signing.svelte';
import { signTransaction } from './transaction';

/** Who signs: a wallet, or the account's own key, opened for this one act. */
export type Signer =
  | { kind: 'wallet'; address: Hex; provider: Provider; chain: WalletChain }
  | { kind: 'key'; address: Hex; keystore: unknown; secret: string };

export type Step = 'trying' | 'opening' | 'wallet' | 'sending' | 'block';

/** The contract refuses the act: on trial, when nothing was sent, or in a block. */
export class Refused extends Error {
  constructor(
    readonly refusal: Refusal | null,
    readonly said: string,
    readonly done: Done | null,
  ) {
    super(refusal?.name ?? said);
  }
}

/** The ledger could not be asked, or not understood. */
export class Unsent extends Error {
  constructor(
    readonly why: string,
    /** False when the transaction had left, or may have. */
    readonly certain: boolean,
  ) {
    super(why);
  }
}

/** Tries an act, has it signed, sends it, and waits for its block. */
export async function perform(
  act: Act,
  signer: Signer,
  chain: Chain,
  tell: (step: Step) => void,
  signal: AbortSignal,
): Promise<Done> {
  const call: Call = { from: signer.address, to: act.to, data: act.data, value: act.value ?? 0n };
  let mayHaveLeft = false;
  const leaving = () => (mayHaveLeft = true);
  try {
    tell('trying');
    const gas = await chain.gasFor(call);
    const transaction =
      signer.kind === 'wallet'
        ? await byWallet(call, gas, signer, tell, leaving)
        : await byKey(call, gas, signer, chain, tell, leaving);
    tell('block');
    return await settle(call, await chain.receiptOf(transaction, signal), chain);
  } catch (error) {
    const data =
      error instanceof LedgerError ? error.data : error instanceof WalletError ? revertData(error.cause) : null;
    const refused = data !== null || (error instanceof LedgerError && /revert/i.test(error.message));
    if (refused) throw new Refused(data === null ? null : refusalOf(data), (error as Error).message, null);
    if (error instanceof LedgerError) throw new Unsent(error.message, !mayHaveLeft);
    throw error;
  }
}

async function byWallet(
  call: Call,
  gas: bigint,
  signer: Signer & { kind: 'wallet' },
  tell: (step: Step) => void,
  leaving: () => void,
): Promise<Hex> {
  tell('wallet');
  const shown = await connect(signer.provider);
  if (!sameHex(shown, signer.address)) throw new WalletError('otherAccount', shown);
  await toChain(signer.provider, signer.chain);
  leaving();
  const { from, to, data, value } = call;
  const asked = { from, to, data, value: `0x${value.toString(16)}`, gas: `0x${gas.toString(16)}` };
  const hash = await ask(signer.provider, 'eth_sendTransaction', [asked]);
  if (typeof hash !== 'string' || !/^0x[0-9a-f]{64}$/i.test(hash)) throw new WalletError('strange');
  return hash as Hex;
}

async function byKey(
  call: Call,
  gas: bigint,
  signer: Signer & { kind: 'key' },
  chain: Chain,
  tell: (step: Step) => void,
  leaving: () => void,
): Promise<Hex> {
  tell('opening');
  const key = await decryptKey(signer.keystore, signer.secret);
  let raw: Hex;
  try {
    const [chainId, nonce, fees] = await Promise.all([chain.chainId(), chain.nonceOf(call.from), chain.fees()]);
    const { to, data, value } = call;
    raw = signTransaction(
      { chainId, nonce, gas, to, data, value, maxFeePerGas: fees.most, maxPriorityFeePerGas: fees.tip },
      key,
    );
  } finally {
    key.fill(0);
  }
  tell('sending');
  leaving();
  return chain.send(raw);
}

async function settle(call: Call, receipt: Receipt, chain: Chain): Promise<Done> {
  const done = { transaction: receipt.transaction, block: receipt.block };
  if (receipt.succeeded) return done;
  const data = await chain.refusalAt(call, receipt.block);
  throw new Refused(data === null ? null : refusalOf(data), '', done);
}
