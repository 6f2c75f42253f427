import { describe, expect, it, vi } from 'vitest';
import { connect, toChain } from '../../src/wallet/connect';
import { iconOf } from '../../src/wallet/discovery.svelte';
import { ask, WalletError, type Provider } from '../../src/wallet/provider';
import { personalSign, signInMessage } from '../../src/wallet/signIn';

const chain = { id: 31337n, name: 'Neem Lane', rpc: 'http://node.local/rpc' };
const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const fails = (code: number, inner?: number) =>
  Object.assign(new Error('no'), { code, ...(inner !== undefined && { data: { originalError: { code: inner } } }) });

/** A wallet that is on `at`, knows some chains, and does as wallets do. */
function wallet(at: string, known: string[], switchesOnAdd = false) {
  const state = { at, known, asked: [] as string[] };
  const provider: Provider = {
    request: ({ method, params }) => {
      state.asked.push(method);
      const [first] = (params ?? []) as { chainId: string }[];
      if (method === 'eth_chainId') return Promise.resolve(state.at);
      if (method === 'wallet_switchEthereumChain') {
        if (!state.known.includes(first!.chainId)) return Promise.reject(fails(4902));
        state.at = first!.chainId;
      }
      if (method === 'wallet_addEthereumChain') {
        state.known.push(first!.chainId);
        if (switchesOnAdd) state.at = first!.chainId;
      }
      return Promise.resolve(null);
    },
  };
  return { provider, state };
}

describe('chain of a wallet', () => {
  it('is left alone when it is right', async () => {
    const { provider, state } = wallet('0x7a69', []);
    await toChain(provider, chain);
    expect(state.asked).toEqual(['eth_chainId']);
  });

  it('is switched to when the wallet knows it', async () => {
    const { provider, state } = wallet('0x1', ['0x7a69']);
    await toChain(provider, chain);
    expect(state.at).toBe('0x7a69');
    expect(state.asked).not.toContain('wallet_addEthereumChain');
  });

  it.each([true, false])(
    'is added when the wallet does not know it (4902); it switches by itself: %s',
    async (itself) => {
      const { provider, state } = wallet('0x1', [], itself);
      await toChain(provider, chain);
      expect(state.at).toBe('0x7a69');
      expect(state.asked.filter((method) => method === 'wallet_addEthereumChain')).toHaveLength(1);
    },
  );

  it('is added when a mobile wallet hides 4902 inside', async () => {
    let at = '0x1';
    const request: Provider['request'] = ({ method }) => {
      if (method === 'eth_chainId') return Promise.resolve(at);
      if (method === 'wallet_addEthereumChain') at = '0x7a69';
      return method === 'wallet_switchEthereumChain' ? Promise.reject(fails(-32603, 4902)) : Promise.resolve(null);
    };
    await toChain({ request }, chain);
    expect(at).toBe('0x7a69');
  });

  it('stays when the reader says no (4001)', async () => {
    const request: Provider['request'] = ({ method }) =>
      method === 'eth_chainId' ? Promise.resolve('0x1') : Promise.reject(fails(4001));
    await expect(toChain({ request }, chain)).rejects.toMatchObject({ fault: 'rejected' });
  });

  it('is not believed to be right when the wallet only says so', async () => {
    const request: Provider['request'] = ({ method }) => Promise.resolve(method === 'eth_chainId' ? '0x1' : null);
    await expect(toChain({ request }, chain)).rejects.toMatchObject({ fault: 'wrongChain' });
  });
});

describe('account of a wallet', () => {
  it('has its capitals (EIP-55)', async () => {
    expect(await connect({ request: () => Promise.resolve([address.toLowerCase()]) })).toBe(address);
  });

  it.each([[[]], [null], [['0x12']], ['x']])('is none: %j', async (answer) => {
    await expect(connect({ request: () => Promise.resolve(answer) })).rejects.toMatchObject({ fault: 'noAccount' });
  });

  it.each([
    [4001, 'rejected'],
    [-32002, 'pending'],
    [4100, 'noAccount'],
    [4200, 'unsupported'],
    [4900, 'disconnected'],
    [1, 'strange'],
  ])('is refused with %i: %s', async (code, fault) => {
    const error = await ask({ request: () => Promise.reject(fails(code)) }, 'x').catch((one: unknown) => one);
    expect(error).toBeInstanceOf(WalletError);
    expect(error).toMatchObject({ fault });
  });
});

describe('message of EIP-4361', () => {
  it('is letter for letter as the grammar says', () => {
    expect(
      signInMessage(address, {
        nonce: '0123456789abcdef',
        domain: 'node.local:8080',
        uri: 'http://node.local:8080/',
        chainId: 31337,
        issuedAt: '2026-11-21T10:00:00Z',
        expirationTime: '2026-11-21T10:05:00Z',
        statement: 'Sign in to Busbar. This moves no money and changes nothing on the ledger.',
        version: '1',
      }),
    ).toBe(
      'node.local:8080 wants you to sign in with your Ethereum account:\n' +
        `${address}\n\n` +
        'Sign in to Busbar. This moves no money and changes nothing on the ledger.\n\n' +
        'URI: http://node.local:8080/\nVersion: 1\nChain ID: 31337\nNonce: 0123456789abcdef\n' +
        'Issued At: 2026-11-21T10:00:00Z\nExpiration Time: 2026-11-21T10:05:00Z',
    );
  });

  it('is given to the wallet as bytes', async () => {
    const request = vi.fn(() => Promise.resolve('0xab'));
    await personalSign({ request }, 'é', address);
    expect(request).toHaveBeenCalledWith({ method: 'personal_sign', params: ['0xc3a9', address] });
  });
});

describe('picture of a wallet', () => {
  it.each([
    ['data:image/svg+xml;base64,AA', true],
    ['data:image/png;base64,AA', true],
    ['https://example.org/x.png', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    [`data:image/png;base64,${'A'.repeat(200_000)}`, false],
  ])('%s', (icon, taken) => {
    expect(iconOf({ uuid: 'u', name: 'n', rdns: 'r', icon }) !== null).toBe(taken);
  });
});
