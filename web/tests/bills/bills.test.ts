import { describe, expect, it } from 'vitest';
import type { BillDetail, BillLine } from '../../src/api/screens';
import type { House } from '../../src/api/types';
import { wordsOf } from '../../src/bills/act';
import { readAmount, readPremises } from '../../src/bills/amount';
import { callOf, type BillDeed } from '../../src/bills/deeds';
import { decimalsFor, difference, spelled } from '../../src/bills/lines';
import { chosenPlace, placesOf } from '../../src/bills/places';
import { canDispute, standingOf, toneOf } from '../../src/bills/standing';
import { keccak, type Hex } from '../../src/proof/bytes';
import { refusalOf } from '../../src/signing/revert';
import { en } from '../../src/text/bills/en';
import { hi } from '../../src/text/bills/hi';

const premises: Hex = `0x${'a7'.repeat(32)}`;
const now = new Date('2026-07-10T12:00:00Z');

describe('standingOf', () => {
  const bill = (state: 'open' | 'overdue' | 'paid' | 'credit' | 'disputed', due: string | null, deadline?: string) => ({
    state,
    due,
    deadline: deadline ?? null,
  });

  it('counts whole days until a bill is due, and what is left of one as one', () => {
    expect(standingOf(bill('open', '2026-07-15T13:00:00Z'), now)).toEqual({ kind: 'open', days: 6 });
    expect(standingOf(bill('open', '2026-07-10T12:00:01Z'), now)).toEqual({ kind: 'open', days: 1 });
    expect(standingOf(bill('open', '2026-07-10T12:00:00Z'), now)).toEqual({ kind: 'open', days: 0 });
  });

  it('is overdue as soon as the day is past, whatever the list said before', () => {
    expect(standingOf(bill('open', '2026-07-10T11:59:59Z'), now)).toEqual({ kind: 'overdue', days: 1 });
    expect(standingOf(bill('overdue', '2026-07-01T12:00:00Z'), now)).toEqual({ kind: 'overdue', days: 9 });
  });

  it('takes the permit’s end where no day is named, and no day where there is none', () => {
    expect(standingOf(bill('open', null, '2026-07-12T12:00:00Z'), now)).toEqual({ kind: 'open', days: 2 });
    expect(standingOf(bill('open', null), now)).toEqual({ kind: 'open', days: null });
  });

  it('keeps what the node says of the others, and has a tone for each', () => {
    for (const state of ['paid', 'credit', 'disputed'] as const)
      expect(standingOf(bill(state, '2026-01-01T00:00:00Z'), now)).toEqual({ kind: state });
    expect(toneOf({ kind: 'open', days: 9 })).toBe('plain');
    expect(toneOf({ kind: 'open', days: 3 })).toBe('warn');
    expect(toneOf({ kind: 'overdue', days: 1 })).toBe('bad');
    expect(toneOf({ kind: 'paid' })).toBe('good');
  });
});

describe('canDispute', () => {
  it('is for the latest bill and those that are open, once', () => {
    const one = (number: number, outstandingWei: string, ...flags: ('estimated' | 'disputed' | 'answered')[]) =>
      canDispute({ number, outstandingWei, flags }, 3);
    expect(one(3, '0')).toBe(true);
    expect(one(2, '5', 'estimated')).toBe(true);
    expect(one(2, '0')).toBe(false);
    expect(one(3, '5', 'disputed')).toBe(false);
    expect(one(3, '5', 'answered')).toBe(false);
  });
});

describe('spelled', () => {
  it('gives each slab its part of the energy, one after the other', () => {
    const line = (kind: BillLine['kind'], energyMwh: string): BillLine => ({
      kind,
      energyMwh,
      name: '',
      priceWei: null,
      share: 0,
      amountWei: '1',
    });
    const lines = [line('slab', '30'), line('slab', '12'), line('tax', '42'), line('exportCredit', '7')];
    expect(spelled(lines).map(({ from, to }) => [from, to])).toEqual([
      [0n, 30n],
      [30n, 42n],
      [null, null],
      [null, null],
    ]);
  });
});

describe('difference', () => {
  it('adds what the meter before had counted in the period', () => {
    const reading = (importMwh: string, exportMwh: string, importBeforeMwh: string) => ({
      importMwh,
      exportMwh,
      importBeforeMwh,
      exportBeforeMwh: '0',
    });
    const bill = (opening: object | null) => ({ opening, closing: reading('150', '9', '4') }) as unknown as BillDetail;
    expect(difference(bill(reading('100', '3', '20')), 'importMwh')).toBe(70n);
    expect(difference(bill(reading('100', '3', '20')), 'exportMwh')).toBe(6n);
    expect(difference(bill(null), 'importMwh')).toBeNull();
  });
});

describe('Amounts', () => {
  const coin = 10n ** 18n;

  it('are read to the wei', () => {
    expect(readAmount('1.5', null)).toEqual({ wei: 1_500_000_000_000_000_000n });
    expect(readAmount('0,000000000000000001', null)).toEqual({ wei: 1n });
    expect(readAmount('1', coin)).toEqual({ wei: coin });
  });

  it('are refused by what is wrong with them', () => {
    for (const text of ['', '-1', '1e3', '0.0000000000000000001'])
      expect(readAmount(text, null), text).toEqual({ fault: 'form' });
    expect(readAmount('0.0', null)).toEqual({ fault: 'zero' });
    expect(readAmount('2', coin)).toEqual({ fault: 'most' });
  });

  it('have more decimals the smaller they are', () => {
    expect([125n * coin, 3n * coin, coin / 50n, -125n * coin, 0n].map(decimalsFor)).toEqual([2, 4, 6, 2, 2]);
  });
});

describe('Premises', () => {
  const house = (name: string, of: string) => ({ name, premises: of }) as House;

  it('are read from what stands on a bill, and only that', () => {
    expect(readPremises(` ${premises.toUpperCase().replace('0X', '0x')} `)).toBe(premises);
    for (const wrong of ['', premises.slice(0, 65), `${premises}0`, `0x${'0'.repeat(64)}`, 'House 7'])
      expect(readPremises(wrong), wrong).toBeNull();
  });

  it('are listed once each: own ones first, none of the community’s own meters', () => {
    const own = { id: premises, name: 'Mine' } as Parameters<typeof placesOf>[0][number];
    const other = `0x${'b8'.repeat(32)}`;
    const houses = [house('Meter 1', premises), house('Next door', other), house('Plant', `0x${'0'.repeat(64)}`)];
    const places = placesOf([own], houses);
    expect(places.map(({ name, own }) => [name, own])).toEqual([
      ['Mine', true],
      ['Next door', false],
    ]);
    expect(chosenPlace(places, undefined)?.name).toBe('Mine');
    expect(chosenPlace(places, other.toUpperCase())?.name).toBe('Next door');
    expect(chosenPlace(places, '0x12')).toEqual({ id: '0x12', name: '0x12', own: false });
    expect(chosenPlace([], undefined)).toBeNull();
  });
});

describe('Deeds', () => {
  const amount = 1_500_000_000_000_000_000n;
  const word = (value: bigint) => value.toString(16).padStart(64, '0');
  const all: BillDeed[] = [
    { does: 'pay', premises, amount },
    { does: 'payFromBalance', premises, amount },
    { does: 'deposit', amount },
    { does: 'withdraw', amount },
    { does: 'fund', premises, amount },
    { does: 'unfund', premises, amount },
    { does: 'dispute', premises, number: 3 },
  ];

  it('call the contract with what they name', () => {
    expect(all.map((deed) => callOf(deed).data.slice(0, 10))).toEqual(
      [
        'pay(bytes32,uint256)',
        'payFromBalance(bytes32,uint256)',
        'deposit(uint256)',
        'withdraw(uint256)',
        'fund(bytes32,uint256)',
        'unfund(bytes32,uint256)',
        'dispute(bytes32,uint256)',
      ].map((signature) => `0x${selectorOf(signature)}`),
    );
    expect(callOf({ does: 'pay', premises, amount }).data.slice(10)).toBe(premises.slice(2) + word(amount));
    expect(callOf({ does: 'dispute', premises, number: 3 }).data.slice(10)).toBe(premises.slice(2) + word(3n));
  });

  it('send money only where it leaves the wallet', () => {
    expect(all.filter((deed) => callOf(deed).value !== 0n).map(({ does }) => does)).toEqual(['pay', 'deposit']);
    expect(callOf(all[0]!)).toMatchObject({ contract: 'payments', value: amount });
    expect(callOf(all[2]!)).toMatchObject({ contract: 'vault', value: amount });
  });

  it('are said with the exact amount and for whom, in each language', () => {
    for (const text of [en, hi])
      for (const deed of all) {
        const { title, words, facts } = wordsOf(deed, text, 'coin');
        expect(title.length * words.length).toBeGreaterThan(0);
        if ('amount' in deed) expect(facts[0]).toEqual({ name: text.facts.amount, value: '1.5 coin' });
        if ('premises' in deed) expect(facts.map(({ value }) => value)).toContain(premises);
      }
  });
});

describe('Refusals of Payments', () => {
  it('are known by name', () => {
    const known = refusalOf(`0x${selectorOf('UnknownPremises(bytes32)')}${premises.slice(2)}`);
    expect(known).toEqual({ name: 'UnknownPremises', values: [{ name: 'premises', value: premises }] });
  });

  it('tell a credit as a negative debt', () => {
    const debt = BigInt.asUintN(256, -5n).toString(16);
    const known = refusalOf(`0x${selectorOf('CreditTooSmall(int256,uint256)')}${debt}${'9'.padStart(64, '0')}`);
    expect(known?.values.map(({ value }) => value)).toEqual(['-5', '9']);
  });
});

function selectorOf(signature: string): string {
  return keccak(new TextEncoder().encode(signature)).slice(2, 10);
}
