import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Community } from '../../src/api/types';
import { TestSigner } from '../../src/demo/testSigner';
import { testWallets } from '../../src/demo/testWallets.svelte';
import { checksummed } from '../../src/keys/account';
import { concat, fromHex, toHex } from '../../src/proof/bytes';
import { LedgerError } from '../../src/proof/rpc';
import { Chain } from '../../src/signing/chain';
import { connect, toChain } from '../../src/wallet/connect';
import { ask, WalletError } from '../../src/wallet/provider';
import { personalSign } from '../../src/wallet/signIn';

const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const other = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const demonstration = { demo: true, chainId: 35303 } as Community;
const told = [{ name: 'House 7', address, key }];

/** Who signed a text as wallets sign texts. */
function signerOf(text: string, signature: string): string {
  const bytes = fromHex(signature as `0x${string}`);
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${text.length}`);
  const hash = keccak_256(concat(prefix, new TextEncoder().encode(text)));
  const recovered = concat(Uint8Array.of(bytes[64]! - 27), bytes.slice(0, 64));
  const point = secp256k1.Point.fromBytes(secp256k1.recoverPublicKey(recovered, hash, { prehash: false }));
  return checksummed(toHex(keccak_256(point.toBytes(false).slice(1)).slice(12)));
}

/** A ledger that answers as it is told and notes what it is sent. */
function ledger(chainId: string) {
  const sent: string[] = [];
  const request = (method: string, params: unknown[]): Promise<unknown> => {
    if (method === 'eth_chainId') return Promise.resolve(chainId);
    if (method === 'eth_getTransactionCount') return Promise.resolve('0x5');
    if (method === 'eth_getBlockByNumber') return Promise.resolve({ baseFeePerGas: '0x0' });
    if (method !== 'eth_sendRawTransaction') return Promise.reject(new LedgerError(method));
    sent.push(String(params[0]));
    return Promise.resolve(`0x${'ab'.repeat(32)}`);
  };
  const chain = new Chain({ request, chainId: () => Promise.resolve(BigInt(chainId)) } as never);
  return { chain, sent };
}

describe('test wallets', () => {
  beforeEach(() => vi.resetModules());

  it('are asked for in a demonstration alone, and once', async () => {
    const { testWallets: fresh } = await import('../../src/demo/testWallets.svelte');
    const asking = vi.fn(() => Promise.resolve(told));
    await fresh.load(null, asking);
    await fresh.load({ ...demonstration, demo: false }, asking);
    expect(asking).not.toHaveBeenCalled();
    expect(fresh.of(address)).toBeNull();

    await fresh.load(demonstration, asking);
    await fresh.load(demonstration, asking);
    expect(asking).toHaveBeenCalledTimes(1);
    expect(fresh.of(address.toLowerCase())?.info.name).toBe('House 7');
    expect(fresh.of(other)).toBeNull();
    expect(fresh.of(null)).toBeNull();
  });

  it('are asked for again when the node did not answer', async () => {
    const { testWallets: fresh } = await import('../../src/demo/testWallets.svelte');
    await fresh.load(demonstration, () => Promise.reject(new Error('no')));
    await fresh.load(demonstration, () => Promise.resolve(told));
    expect(fresh.of(address)).not.toBeNull();
  });

  it('sign in as any wallet does, and know no other chain', async () => {
    await testWallets.load(demonstration, () => Promise.resolve(told));
    const { provider } = testWallets.of(address)!;
    expect(await connect(provider)).toBe(address);
    await toChain(provider, { id: 35303n, name: 'Neem Lane', rpc: '' });
    expect(signerOf('Sign in', await personalSign(provider, 'Sign in', address))).toBe(address);
    await expect(personalSign(provider, 'Sign in', other)).rejects.toMatchObject({ fault: 'noAccount' });
    await expect(toChain(provider, { id: 1n, name: 'Main', rpc: '' })).rejects.toBeInstanceOf(WalletError);
    await expect(ask(provider, 'eth_sign', [])).rejects.toMatchObject({ fault: 'unsupported' });
  });
});

describe('signer of a test wallet', () => {
  const asked = { from: address, to: other, data: '0x1234', value: '0x7', gas: '0x5208' };

  it('sends what it is asked to send, signed for its own chain', async () => {
    const { chain, sent } = ledger('0x89e7');
    const hash = await new TestSigner(key, 35303n, chain).answer('eth_sendTransaction', [asked]);
    expect(hash).toBe(`0x${'ab'.repeat(32)}`);
    // Chain 35303, nonce 5, no fees, 21000 gas, 7 wei, the data, no access list.
    expect(sent[0]).toMatch(/^0x02f8..8289e7058080825208947099797[0-9a-f]{33}07821234c0(80|01)a0/i);
  });

  it('sends nothing for another account, and nothing to another chain', async () => {
    const { chain, sent } = ledger('0x89e7');
    const signer = new TestSigner(key, 35303n, chain);
    await expect(signer.answer('eth_sendTransaction', [{ ...asked, from: other }])).rejects.toMatchObject({
      code: 4100,
    });
    const elsewhere = ledger('0x1');
    await expect(
      new TestSigner(key, 35303n, elsewhere.chain).answer('eth_sendTransaction', [asked]),
    ).rejects.toMatchObject({ code: 4902 });
    expect([...sent, ...elsewhere.sent]).toEqual([]);
  });

  it('is none without a key', () => {
    expect(() => new TestSigner(`0x${'0'.repeat(64)}`, 1n)).toThrow('no usable key');
  });
});
