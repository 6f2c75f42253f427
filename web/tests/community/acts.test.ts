import { describe, expect, it } from 'vitest';
import { ruleValue, wordsOf } from '../../src/community/words';
import type { Deed } from '../../src/community/deeds';
import type { Hex } from '../../src/proof/bytes';
import { en } from '../../src/text/community/en';
import { hi } from '../../src/text/community/hi';

const names = { date: (at: Date) => at.toISOString().slice(0, 10), microgrid: (id: number) => `Grid ${id}` };
const account: Hex = `0x${'1a'.repeat(20)}`;
const firmware: Hex = `0x${'4d'.repeat(32)}`;
const said = (deed: Deed) => {
  const { facts, ...rest } = wordsOf(deed, en, names);
  return { ...rest, facts: facts.map(({ name, value }) => `${name}: ${value}`) };
};

describe('wordsOf', () => {
  it('names the account, the role and what it allows', () => {
    expect(said({ does: 'admit', account, role: 'Consumer', premises: null }).facts).toEqual([
      `Account: ${account}`,
      'Role: Consumer (may buy)',
    ]);
  });

  it('gives a rule’s new value in its unit', () => {
    const { facts } = said({ does: 'proposeRule', rule: 'taxFirstSlabShare', microgrid: 0, value: 250n });
    expect(facts).toEqual(['Rule: Tax in the first slab', 'New value: 2.5 %', 'Microgrid: all microgrids']);
  });

  it('says whether a vote is given or taken back, and an appointment made or ended', () => {
    const vote = (support: boolean) => said({ does: 'vote', id: '3', support }).words;
    expect(vote(true)).not.toBe(vote(false));
    const until = (until: bigint) => said({ does: 'appoint', office: 'Operator', microgrid: 2, account, until });
    expect(until(1_900_000_000n).facts.at(-1)).toBe('Until: 2030-03-17');
    expect(until(0n).facts).toHaveLength(3);
    expect(until(0n).words).not.toBe(until(1n).words);
  });

  it('sums up many meters, and tells all of one', () => {
    const meter = {
      key: account,
      kind: 'Premises',
      commodity: 'Electricity',
      microgrid: 1,
      premises: null,
      participant: null,
      firmware,
    } as const;
    expect(said({ does: 'registerMeters', meters: [meter, { ...meter, microgrid: 2 }] }).facts).toEqual([
      'Meters: 2',
      'Microgrid: Grid 1, Grid 2',
      `Firmware: ${firmware}`,
    ]);
    expect(said({ does: 'registerMeters', meters: [meter] }).facts).toContain('Member: none');
  });

  it('has words for every deed in both languages', () => {
    const deeds: Deed[] = [
      { does: 'changeRole', account, role: 'Producer' },
      { does: 'remove', account },
      { does: 'registerPremises', premises: firmware, account },
      { does: 'releasePremises', premises: firmware },
      { does: 'retireMeter', key: account },
      { does: 'moveMeter', key: account, microgrid: 1, premises: null, participant: account },
      { does: 'proposeEntry', entry: 'Anchors', holder: account },
      { does: 'execute', id: '1' },
      { does: 'scheduleRegulator', account, inOffice: false },
      { does: 'cancelRegulator', account },
      { does: 'applyRegulator', account },
      { does: 'transferOwnership', account },
      { does: 'acceptOwnership' },
    ];
    for (const deed of deeds)
      for (const text of [en, hi]) {
        const { title, words, facts } = wordsOf(deed, text, names);
        expect(title.length * words.length, deed.does).toBeGreaterThan(0);
        for (const { name, value } of facts) expect(`${name}${value}`).not.toContain('undefined');
      }
  });
});

describe('ruleValue', () => {
  it('keeps thousands apart, and gives a price too small for coin in wei', () => {
    expect(ruleValue('storageMaximumEnergy', '1000000000000000', en)).toBe('1\u202f000\u202f000\u202f000 kWh');
    expect(ruleValue('taxFirstSlabShare', '1250', en)).toBe('12.5 %');
    expect(ruleValue('priceCeilingPerKilowattHour', '1', en)).toBe('1 wei per kWh');
    expect(ruleValue('priceCeilingPerKilowattHour', '1500000000000000000', en)).toBe('1.5 coin per kWh');
  });
});
