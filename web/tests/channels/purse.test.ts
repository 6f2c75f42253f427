import { beforeEach, describe, expect, it } from 'vitest';
import { Purse, PurseDamaged } from '../../src/channels/purse';
import { addressOf } from '../../src/keys/account';
import { channel, id, Memory, payee, payer } from './made';

describe('the purse', () => {
  let storage: Memory;
  let purse: Purse;
  beforeEach(() => {
    storage = new Memory();
    purse = new Purse(storage);
  });
  const voucher = (total: bigint, energy: bigint) => ({ channel: id, total, energy });

  it('makes one key for a payer and has it again after a reload', () => {
    expect(purse.keyOf(payer)).toBeNull();
    const signer = purse.signerFor(payer);
    const again = new Purse(storage);
    expect(again.signerFor(payer.toUpperCase().replace('0X', '0x'))).toBe(signer);
    expect(addressOf(again.keyOf(payer)!)).toBe(signer);
    expect(purse.signerFor(payee)).not.toBe(signer);
  });

  it('gives the key to the channels that name it, and to no other', () => {
    const signer = purse.signerFor(payer);
    expect(purse.keyFor(channel({ signer: signer.toLowerCase() }))).not.toBeNull();
    expect(purse.keyFor(channel({ signer: payee }))).toBeNull();
    expect(purse.keyFor(channel({ signer, payer: payee }))).toBeNull();
  });

  it('keeps the limit and the highest voucher to the last digit', () => {
    expect(purse.read(id)).toBeNull();
    purse.allow(id, 10n ** 30n + 1n);
    purse.keep(voucher(10n ** 30n, 9_007_199_254_740_993n));
    purse.allow(id, 10n ** 30n + 2n);
    expect(new Purse(storage).read(id)).toEqual({
      limit: 10n ** 30n + 2n,
      signed: voucher(10n ** 30n, 9_007_199_254_740_993n),
    });
  });

  it('keeps nothing that falls, or that nobody allowed', () => {
    expect(() => purse.keep(voucher(0n, 0n))).toThrow(RangeError);
    purse.allow(id, 100n);
    purse.keep(voucher(50n, 500n));
    for (const [total, energy] of [
      [49n, 501n],
      [51n, 499n],
      [101n, 1_000n],
    ] as const)
      expect(() => purse.keep(voucher(total, energy))).toThrow(RangeError);
    expect(purse.read(id)!.signed).toEqual(voucher(50n, 500n));
  });

  it.each(['', '{', '{}', '{"limit":"-1"}', '{"limit":"5","total":"1"}', '{"limit":5}', 'null'])(
    'takes %j for damage, and overwrites it with nothing',
    (text) => {
      storage.setItem(`busbar.channel.${id}`, text);
      expect(() => purse.read(id)).toThrow(PurseDamaged);
      expect(() => purse.allow(id, 5n)).toThrow(PurseDamaged);
      expect(storage.getItem(`busbar.channel.${id}`)).toBe(text);
    },
  );
});
