import { describe, expect, it } from 'vitest';
import { callOf, moving, nameBytes, newPremises, type Deed, type MeterToRegister } from '../../src/community/deeds';
import type { Hex } from '../../src/proof/bytes';
// Made with ethers 6 from the same ABI files.
import calls from './calls.json';

const hex = (byte: string, length: number): Hex => `0x${byte.repeat(length)}`;
const account = hex('1a', 20);
const premises = hex('2b', 32);
const key = hex('3c', 20);
const firmware = hex('4d', 32);
const commodity = 'Electricity' as const;
const transformer: MeterToRegister = {
  key,
  kind: 'Transformer',
  commodity,
  microgrid: 7,
  premises: null,
  participant: null,
  firmware,
};
const house = { ...transformer, kind: 'Premises' as const, premises, participant: account };

const cases: [keyof typeof calls, Deed][] = [
  ['admit', { does: 'admit', account, role: 'Prosumer', premises: null }],
  ['admitWithPremises', { does: 'admit', account, role: 'Consumer', premises }],
  ['changeRole', { does: 'changeRole', account, role: 'Producer' }],
  ['registerOne', { does: 'registerMeters', meters: [house] }],
  ['registerTwo', { does: 'registerMeters', meters: [transformer, { ...house, key: account, commodity: 'Water' }] }],
  ['move', { does: 'moveMeter', key, microgrid: 8, premises: null, participant: null }],
  ['proposeRule', { does: 'proposeRule', rule: 'graceDays', microgrid: 0, value: 21n }],
  ['vote', { does: 'vote', id: '12', support: false }],
  ['appoint', { does: 'appoint', office: 'Authority', microgrid: 7, account, until: 1_900_000_000n }],
];

describe('callOf', () => {
  it.each(cases)('encodes %s as the contract expects it', (name, deed) => {
    expect(callOf(deed).data).toBe(calls[name]);
  });

  it('names the contract that it is for', () => {
    expect(callOf({ does: 'remove', account })).toMatchObject({ contract: 'members', function: 'remove' });
    expect(callOf({ does: 'retireMeter', key })).toMatchObject({ contract: 'meters', function: 'retire' });
    expect(callOf({ does: 'execute', id: '1' })).toMatchObject({ contract: 'council', function: 'execute' });
  });

  it('refuses what does not fit', () => {
    expect(() => callOf({ does: 'remove', account: '0x1234' })).toThrow();
    expect(() => callOf({ does: 'vote', id: 'one', support: true })).toThrow();
    expect(() => callOf({ does: 'proposeRule', rule: 'x'.repeat(33), microgrid: 0, value: 1n })).toThrow();
  });
});

describe('nameBytes', () => {
  it('fills a name up to 32 bytes', () => {
    expect(nameBytes('Members')).toBe(`0x4d656d62657273${'00'.repeat(25)}`);
    expect(() => nameBytes('')).toThrow();
    expect(() => nameBytes('two words')).toThrow();
  });
});

describe('newPremises', () => {
  it('is random', () => {
    expect(newPremises()).toMatch(/^0x[0-9a-f]{64}$/);
    expect(newPremises()).not.toBe(newPremises());
  });
});

describe('moving', () => {
  it('gives who comes premises of their own, and the meter', () => {
    expect(moving(key, 7, account, 'Consumer', premises)).toEqual([
      { does: 'admit', account, role: 'Consumer', premises },
      { does: 'moveMeter', key, microgrid: 7, premises, participant: account },
    ]);
  });

  it('admits nobody twice, and uses no premises again', () => {
    const [first, second] = [moving(key, 7, account, null), moving(key, 7, account, null)];
    expect(first[0]).toMatchObject({ does: 'registerPremises', account });
    expect(first[1]).toMatchObject({ does: 'moveMeter', premises: (first[0] as { premises: Hex }).premises });
    expect(first[1]).not.toEqual(second[1]);
  });
});
