import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { keyFromHex, addressOf } from '../../src/keys/account';
import { encryptKey } from '../../src/keys/keystore';
import { toHex, type Hex } from '../../src/proof/bytes';
import { Ledger, revertData } from '../../src/proof/rpc';
import { Chain } from '../../src/signing/chain';
import { perform, Refused, Unsent, type Signer } from '../../src/signing/perform';
import { refusalOf } from '../../src/signing/revert';
import { rlp, signTransaction } from '../../src/signing/transaction';
import { WalletError, type Provider } from '../../src/wallet/provider';

const key = keyFromHex('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')!;
const to: Hex = '0x00000000000000000000000000000000000000b2';
const from = addressOf(key);
const hash: Hex = `0x${'12'.repeat(32)}`;
const outOfBounds: Hex =
  '0x30b46e2266656500000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000005000000000000000000000000000000000000000000000000000000000000000a0000000000000000000000000000000000000000000000000000000000000014';

describe('transaction', () => {
  // Both computed with viem 2.57.0.
  it('is signed as other libraries do', () => {
    expect(
      signTransaction(
        {
          chainId: 31337n,
          nonce: 7n,
          maxFeePerGas: 2_000_000_000n,
          maxPriorityFeePerGas: 1000n,
          gas: 123_456n,
          to,
          value: 0n,
          data: `0x${'ab'.repeat(70)}`,
        },
        key,
      ),
    ).toBe(
      '0x02f8b2827a69078203e884773594008301e2409400000000000000000000000000000000000000b280b846ababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababc001a0df9f2281e74eac4ff506f4c28626fd5e32ad051a5fee1433e5efc13dbfba3972a05e089b0aa9f773667cd31bcffe57fea18a7a19e09b5da03ee1c1fdbf1c652000',
    );
  });

  it('writes zeros as nothing', () => {
    expect(
      signTransaction(
        {
          chainId: 1n,
          nonce: 0n,
          maxFeePerGas: 0n,
          maxPriorityFeePerGas: 0n,
          gas: 21_000n,
          to,
          value: 10n ** 18n,
          data: '0x',
        },
        key,
      ),
    ).toBe(
      '0x02f86a018080808252089400000000000000000000000000000000000000b2880de0b6b3a764000080c001a02ab3b3616b13b425f169294a1bf69244cf17865b00ac2427afa92ad61a90866aa0613f2730f66b316eb3b6944f34a5390b64d3b61672e8807e2d59508719f23b23',
    );
  });

  it.each([
    ['dog', '0x83646f67'],
    ['', '0x80'],
    ['a', '0x61'],
    ['Lorem ipsum dolor sit amet, consectetur adipisicing elit', '0xb838'],
  ])('length prefix of “%s”', (text, begin) => {
    expect(toHex(rlp(new TextEncoder().encode(text))).startsWith(begin)).toBe(true);
  });

  it('length prefix of nested lists', () => {
    expect(toHex(rlp([[], [[]], [[], [[]]]]))).toBe('0xc7c0c1c0c3c0c1c0');
  });
});

describe('refusal', () => {
  it('is the contract’s own error with what it carries', () => {
    expect(refusalOf(outOfBounds)).toEqual({
      name: 'RuleOutOfBounds',
      values: [
        { name: 'name', value: 'fee' },
        { name: 'value', value: '5' },
        { name: 'minimum', value: '10' },
        { name: 'maximum', value: '20' },
      ],
    });
  });

  it('is a text, or a fault of the contract itself', () => {
    const text = toHex(new TextEncoder().encode('too late')).slice(2).padEnd(64, '0');
    const word = (value: number) => value.toString(16).padStart(64, '0');
    expect(refusalOf(`0x08c379a0${word(32)}${word(8)}${text}`)?.values[0]?.value).toBe('too late');
    expect(refusalOf(`0x4e487b71${word(17)}`)).toEqual({ name: 'Panic', values: [{ name: '', value: '0x11' }] });
  });

  it.each(['0x', '0xdeadbeef', '0x30b46e22', `0x08c379a0${'f'.repeat(128)}`] as Hex[])('bears %s', (data) => {
    expect(() => refusalOf(data)).not.toThrow();
  });

  it.each([
    [{ code: 3, data: outOfBounds }],
    [{ code: -32603, data: { originalError: { data: outOfBounds } } }],
    [{ error: { data: { data: outOfBounds } } }],
  ])('is found wherever nodes and wallets put it', (error) => {
    expect(revertData(error)).toBe(outOfBounds);
  });
});

type Answers = Record<string, (params: unknown[]) => unknown>;

/** A ledger of answers; an answer that is an Error is given as the JSON-RPC error. */
function chainOf(answers: Answers) {
  const asked: { method: string; params: unknown[] }[] = [];
  const ledger = new Ledger('/rpc', (_, init) => {
    const { method, params } = JSON.parse(init?.body as string) as { method: string; params: unknown[] };
    asked.push({ method, params });
    const answer = answers[method]?.(params);
    if (answer instanceof TypeError) return Promise.reject(answer);
    const failed = answer instanceof Error;
    const body = failed
      ? { error: { code: 3, message: answer.message, data: (answer as { data?: unknown }).data } }
      : { result: answer ?? null };
    return Promise.resolve(Response.json({ jsonrpc: '2.0', id: 1, ...body }));
  });
  return { chain: new Chain(ledger, () => Promise.resolve()), asked };
}

const good: Answers = {
  eth_chainId: () => '0x7a69',
  eth_estimateGas: () => '0x5208',
  eth_getTransactionCount: () => '0x7',
  eth_getBlockByNumber: () => ({ baseFeePerGas: '0x0' }),
  eth_sendRawTransaction: () => hash,
  eth_getTransactionReceipt: () => ({ blockNumber: '0x2a', status: '0x1' }),
};
const act = { title: 't', words: 'w', to, data: '0xabcdef01' as Hex };
const never = new AbortController().signal;

async function local(secret = 'a secret of mine'): Promise<Signer> {
  return { kind: 'key', address: from, keystore: await encryptKey(key, 'a secret of mine', 1 << 8), secret };
}

function byWallet(request: Provider['request']): Signer {
  return {
    kind: 'wallet',
    address: from,
    provider: { request },
    chain: { id: 31337n, name: 'c', rpc: 'http://n/rpc' },
  };
}

describe('act by the key in this browser', () => {
  it('is tried, signed, sent, and waited for', async () => {
    const { chain, asked } = chainOf(good);
    const steps: string[] = [];
    const done = await perform(act, await local(), chain, (step) => steps.push(step), never);
    expect(done).toEqual({ transaction: hash, block: 42n });
    expect(steps).toEqual(['trying', 'opening', 'sending', 'block']);
    const raw = asked.find(({ method }) => method === 'eth_sendRawTransaction')!.params[0] as string;
    expect(raw).toBe(
      signTransaction(
        {
          chainId: 31337n,
          nonce: 7n,
          maxFeePerGas: 0n,
          maxPriorityFeePerGas: 0n,
          gas: 25_200n,
          to,
          value: 0n,
          data: '0xabcdef01',
        },
        key,
      ),
    );
  });

  it('never sends key or secret', async () => {
    const { chain, asked } = chainOf(good);
    await perform(act, await local(), chain, () => {}, never);
    const all = JSON.stringify(asked);
    expect(all).not.toContain(toHex(key).slice(2));
    expect(all).not.toContain('a secret of mine');
  });

  it('signs nothing with a wrong secret', async () => {
    const { chain, asked } = chainOf(good);
    await expect(perform(act, await local('another'), chain, () => {}, never)).rejects.toMatchObject({
      fault: 'secret',
    });
    expect(asked.map(({ method }) => method)).toEqual(['eth_estimateGas']);
  });

  it('sends nothing that the contract refuses on trial, and says why', async () => {
    const refused = Object.assign(new Error('execution reverted'), { data: outOfBounds });
    const { chain, asked } = chainOf({ ...good, eth_estimateGas: () => refused });
    const error = await perform(act, await local(), chain, () => {}, never).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ refusal: { name: 'RuleOutOfBounds' }, done: null });
    expect(asked.some(({ method }) => method === 'eth_sendRawTransaction')).toBe(false);
  });

  it('says why the contract refused it in its block', async () => {
    const refused = Object.assign(new Error('execution reverted'), { data: outOfBounds });
    const { chain } = chainOf({
      ...good,
      eth_getTransactionReceipt: () => ({ blockNumber: '0x2a', status: '0x0' }),
      eth_call: () => refused,
    });
    await expect(perform(act, await local(), chain, () => {}, never)).rejects.toMatchObject({
      refusal: { name: 'RuleOutOfBounds' },
      done: { transaction: hash, block: 42n },
    });
  });

  it.each([
    ['eth_estimateGas', true],
    ['eth_sendRawTransaction', false],
  ])('says whether it may have left when %s is not answered', async (method, certain) => {
    const { chain } = chainOf({ ...good, [method]: () => new TypeError('network') });
    const error = await perform(act, await local(), chain, () => {}, never).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Unsent);
    expect(error).toMatchObject({ certain });
  });

  it('waits for a block that takes its time', async () => {
    const receipts = [null, null, { blockNumber: '0x2b', status: '0x1' }];
    const { chain } = chainOf({ ...good, eth_getTransactionReceipt: () => receipts.shift() });
    await expect(perform(act, await local(), chain, () => {}, never)).resolves.toMatchObject({ block: 43n });
  });
});

describe('act by a wallet', () => {
  it('is asked for from the right account on the right chain', async () => {
    const request = vi.fn(({ method }: { method: string }): Promise<unknown> =>
      Promise.resolve(
        { eth_requestAccounts: [from.toLowerCase()], eth_chainId: '0x7a69', eth_sendTransaction: hash }[method],
      ),
    );
    await expect(perform(act, byWallet(request), chainOf(good).chain, () => {}, never)).resolves.toEqual({
      transaction: hash,
      block: 42n,
    });
    expect(request).toHaveBeenLastCalledWith({
      method: 'eth_sendTransaction',
      params: [{ from, to, data: '0xabcdef01', value: '0x0', gas: '0x6270' }],
    });
  });

  it('is not asked of another account', async () => {
    const request = vi.fn(() => Promise.resolve([to]));
    await expect(perform(act, byWallet(request), chainOf(good).chain, () => {}, never)).rejects.toMatchObject({
      fault: 'otherAccount',
    });
    expect(request).toHaveBeenCalledTimes(1);
  });

  it('ends with the reader’s no', async () => {
    const no = Object.assign(new Error('User rejected'), { code: 4001 });
    const request = ({ method }: { method: string }) =>
      method === 'eth_sendTransaction'
        ? Promise.reject(no)
        : Promise.resolve(method === 'eth_chainId' ? '0x7a69' : [from]);
    const error = await perform(act, byWallet(request), chainOf(good).chain, () => {}, never).catch((f: unknown) => f);
    expect(error).toBeInstanceOf(WalletError);
    expect(error).toMatchObject({ fault: 'rejected' });
  });
});

describe('contracts.d.ts', () => {
  it.each([
    'Anchors',
    'Billing',
    'Board',
    'Channels',
    'Council',
    'Demands',
    'Members',
    'Meters',
    'Payments',
    'Storage',
    'Taxes',
    'Vault',
  ])('names the functions of %s', (contract) => {
    const file = JSON.parse(
      readFileSync(new URL(`../../../contracts/abi/${contract}.json`, import.meta.url), 'utf8'),
    ) as {
      abi: { type: string; name: string }[];
    };
    const text = readFileSync(new URL('../../src/contracts.d.ts', import.meta.url), 'utf8');
    const part = text.split(`virtual:contract/${contract}'`)[1]!.split('\n}')[0]!;
    const declared = [...part.matchAll(/export const (\w+): AbiFunction;/g)].map((found) => found[1]);
    const functions = file.abi.filter((entry) => entry.type === 'function').map((entry) => entry.name);
    expect(declared.sort()).toEqual([...new Set(functions)].sort());
  });
});
