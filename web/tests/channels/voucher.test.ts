import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  askVoucher,
  signVoucher,
  typedVoucher,
  voucherDigest,
  type Place,
  type Voucher,
} from '../../src/channels/voucher';
import { fromHex, type Hex } from '../../src/proof/bytes';
import type { Provider } from '../../src/wallet/provider';

interface Vector {
  key: Hex;
  signer: Hex;
  chainId: number;
  deployment: Hex;
  channel: Hex;
  total: string;
  energy: string;
  digest: Hex;
  signature: Hex;
}

const { vouchers } = JSON.parse(readFileSync('../contracts/test/vectors/vouchers.json', 'utf8')) as {
  vouchers: Vector[];
};

const voucherOf = (of: Vector): Voucher => ({
  channel: of.channel,
  total: BigInt(of.total),
  energy: BigInt(of.energy),
});
const placeOf = (of: Vector): Place => ({ chainId: BigInt(of.chainId), contract: of.deployment });

describe('vouchers', () => {
  it('has the digests and signatures that the contract is held to', () => {
    expect(vouchers).toHaveLength(12);
    for (const vector of vouchers) {
      expect(voucherDigest(voucherOf(vector), placeOf(vector))).toBe(vector.digest);
      expect(signVoucher(voucherOf(vector), placeOf(vector), fromHex(vector.key))).toBe(vector.signature);
    }
  });

  it('refuses numbers and names that the contract could not have', () => {
    const vector = vouchers[0]!;
    const voucher = voucherOf(vector);
    expect(() => voucherDigest({ ...voucher, energy: 1n << 64n }, placeOf(vector))).toThrow(RangeError);
    expect(() => voucherDigest({ ...voucher, total: -1n }, placeOf(vector))).toThrow(RangeError);
    expect(() => voucherDigest({ ...voucher, channel: '0x12' }, placeOf(vector))).toThrow(RangeError);
    expect(() => voucherDigest(voucher, { chainId: 1n, contract: '0x12' })).toThrow(RangeError);
  });

  it('shows a wallet each number by its name, as text that keeps every digit', () => {
    const vector = vouchers[2]!;
    const typed = typedVoucher(voucherOf(vector), placeOf(vector));
    expect(typed.message).toEqual({ channel: vector.channel, total: vector.total, energy: vector.energy });
    expect(typed.domain).toEqual({
      name: 'Busbar Channels',
      version: '1',
      chainId: '4242',
      verifyingContract: vector.deployment,
    });
    expect(typed.types.Voucher.map((field) => `${field.type} ${field.name}`)).toEqual([
      'bytes32 channel',
      'uint256 total',
      'uint64 energy',
    ]);
    expect(typed.primaryType).toBe('Voucher');
  });

  it('asks a wallet for exactly that, and puts v right', async () => {
    const vector = vouchers[1]!;
    for (const v of [vector.signature.slice(-2), vector.signature.endsWith('1b') ? '00' : '01']) {
      const asked: unknown[] = [];
      const provider: Provider = {
        request: (what) => (asked.push(what), Promise.resolve(vector.signature.slice(0, -2) + v)),
      };
      expect(await askVoucher(voucherOf(vector), placeOf(vector), vector.signer, provider)).toBe(vector.signature);
      expect(asked).toEqual([
        {
          method: 'eth_signTypedData_v4',
          params: [vector.signer, JSON.stringify(typedVoucher(voucherOf(vector), placeOf(vector)))],
        },
      ]);
    }
  });

  it.each([null, '0x', '0x12', `0x${'1'.repeat(128)}05`])('does not take %s for a signature', async (said) => {
    const vector = vouchers[1]!;
    const provider: Provider = { request: () => Promise.resolve(said) };
    await expect(askVoucher(voucherOf(vector), placeOf(vector), vector.signer, provider)).rejects.toThrow('strange');
  });

  it('says that the person refused', async () => {
    const vector = vouchers[1]!;
    const provider: Provider = { request: () => Promise.reject(Object.assign(new Error('no'), { code: 4001 })) };
    await expect(askVoucher(voucherOf(vector), placeOf(vector), vector.signer, provider)).rejects.toThrow('rejected');
  });
});
