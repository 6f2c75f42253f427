import * as billing from 'virtual:contract/Billing';
import { describe, expect, it } from 'vitest';
import type { ArrearsLine } from '../../src/api/screens';
import { wordsOf } from '../../src/money/act';
import { callOf, mostDebts, referenceWord, type MoneyDeed } from '../../src/money/deeds';
import { chunksOf, readDebts, sampleOf } from '../../src/money/openingArrears';
import { dayOfYear, partsOf, spanOf } from '../../src/money/sheet';
import { encodeCall } from '../../src/proof/abi';
import type { Hex } from '../../src/proof/bytes';
import { en } from '../../src/text/money/en';
import { hi } from '../../src/text/money/hi';

const premises: Hex = `0x${'a7'.repeat(32)}`;
const word = (value: bigint | number) => BigInt(value).toString(16).padStart(64, '0');
const noon = new Date('2026-08-01T12:00:00Z');
const boundary = Array.from({ length: 7 }, (_, i): Hex => `0x${word(i + 1)}`);

const deeds: MoneyDeed[] = [
  { does: 'answerDispute', premises, number: 3, credit: 5n, reference: 'Letter 12' },
  { does: 'setProtected', premises, on: true },
  { does: 'setProtected', premises, on: false },
  { does: 'setPrepaid', premises, on: true },
  { does: 'setPrepaid', premises, on: false },
  { does: 'declareEmergency', microgrid: 0, until: noon },
  { does: 'declareEmergency', microgrid: 1, until: null },
  { does: 'bookArrears', debts: [{ premises, amount: 5n, referenceId: `0x${word(9)}` }] },
  { does: 'assignTariff', premises, tariff: 2, from: noon, boundary },
  { does: 'publishTariff', name: 'Domestic', data: '0x12345678' },
];

describe('callOf', () => {
  it('answers an objection with bill, credit and the reference as text', () => {
    const { contract, data } = callOf(deeds[0]!);
    const reference = '4c6574746572203132'.padEnd(64, '0');
    expect(contract).toBe('payments');
    expect(data.slice(10)).toBe(premises.slice(2) + word(3) + word(5) + reference);
  });

  it('says what is set, and takes it back', () => {
    for (const [place, value] of [
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 0],
    ] as const)
      expect(callOf(deeds[place]!).data.slice(10)).toBe(premises.slice(2) + word(value));
    expect(callOf(deeds[5]!).data.slice(10)).toBe(word(0) + word(noon.getTime() / 1000));
    expect(callOf(deeds[6]!).data.slice(10)).toBe(word(1) + word(0));
  });

  it('books each debt with its premises, amount and reference', () => {
    expect(callOf(deeds[7]!).data.slice(10)).toBe(word(32) + word(1) + premises.slice(2) + word(5) + word(9));
  });

  it('brings the seven words of where the period began', () => {
    const { contract, data } = callOf(deeds[8]!);
    expect(contract).toBe('billing');
    expect(data).toBe(encodeCall(billing.assignTariff, [premises, 2, BigInt(noon.getTime() / 1000), boundary]));
    expect(data.slice(10 + 3 * 64)).toBe(boundary.map((one) => one.slice(2)).join(''));
  });

  it('publishes what the node made of the text, and nothing else', () => {
    expect(callOf(deeds[9]!)).toEqual({ contract: 'billing', data: '0x12345678' });
  });
});

describe('referenceWord', () => {
  it('is the text from the left, and none when it has more than 32 bytes', () => {
    expect(referenceWord(' a ')).toBe(`0x61${'0'.repeat(62)}`);
    expect(referenceWord('')).toBe(`0x${'0'.repeat(64)}`);
    expect(referenceWord('x'.repeat(32))).toBe(`0x${'78'.repeat(32)}`);
    expect(referenceWord('x'.repeat(33))).toBeNull();
    expect(referenceWord('पन्ना बारह')).not.toBeNull();
    expect(referenceWord('पन्ना एक सौ बारह')).toBeNull();
  });
});

describe('wordsOf', () => {
  const names = {
    coin: 'coin',
    date: (at: Date) => at.toISOString(),
    microgrid: () => 'Neem Lane',
    house: () => 'House 7',
  };

  it.each([
    ['English', en],
    ['Hindi', hi],
  ])('tells every deed in %s, with exact amounts', (_, text) => {
    const told = deeds.map((deed) => wordsOf(deed, text, names));
    expect(new Set(told.map(({ title }) => title)).size).toBe(deeds.length);
    for (const { words } of told) expect(words.length).toBeGreaterThan(30);
    expect(told[0]!.facts).toContainEqual({ name: text.facts.credit, value: '0.000000000000000005 coin' });
    expect(told[0]!.facts).toContainEqual({ name: text.facts.house, value: 'House 7' });
    expect(told[6]!.facts).toEqual([{ name: text.facts.where, value: 'Neem Lane' }]);
  });
});

describe('readDebts', () => {
  it('reads the columns by their names, in any order, and keeps the lines', () => {
    const read = readDebts('\uFEFFAmount;House;Remark\r\n"12,50";House 7;x\r\n\r\n3;"A; B";y\r\n');
    expect(read).toEqual({
      rows: [
        { line: 2, house: 'House 7', amount: '12,50', reference: '' },
        { line: 4, house: 'A; B', amount: '3', reference: '' },
      ],
    });
  });

  it('tells what is wrong with the table, and where', () => {
    expect(readDebts('')).toEqual({ fault: 'empty', line: 1 });
    expect(readDebts('house,amount')).toEqual({ fault: 'empty', line: 1 });
    expect(readDebts('house,money\nHouse 7,1')).toEqual({ fault: 'noHeader', line: 1 });
    expect(readDebts('house,amount\n"House 7,1')).toEqual({ fault: 'quote', line: 2 });
    const long = ['house,amount', ...Array.from({ length: 10_001 }, (_, i) => `House ${i},1`)].join('\n');
    expect(readDebts(long)).toEqual({ fault: 'tooMany', line: 10_002 });
  });

  it('reads the sample that it gives', () => {
    const read = readDebts(sampleOf(['House 1', 'A, "B"']));
    expect('rows' in read && read.rows.map(({ house, amount }) => `${house} ${amount}`)).toEqual([
      'House 1 12.50',
      'A, "B" 13.50',
    ]);
  });
});

describe('chunksOf', () => {
  const line = (number: number, state: ArrearsLine['state']): ArrearsLine => ({
    line: number,
    name: `House ${number}`,
    premises: state === 'refused' ? null : `0x${word(number)}`,
    amountWei: state === 'refused' ? null : '7',
    referenceId: `0x${word(0)}`,
    state,
    fault: state === 'refused' ? 'unknownHouse' : null,
    other: null,
  });

  it('takes what can be booked, as many as the contract takes at once', () => {
    const lines = Array.from({ length: 300 }, (_, i) => line(i + 1, i < 30 ? 'booked' : i < 40 ? 'refused' : 'ready'));
    const chunks = chunksOf(lines);
    expect(chunks.map(({ length }) => length)).toEqual([mostDebts, mostDebts, 4]);
    expect(chunks[0]![0]).toEqual({ premises: `0x${word(41)}`, amount: 7n, referenceId: `0x${word(0)}` });
    expect(chunksOf(lines.slice(0, 40))).toEqual([]);
  });
});

describe('the sheet', () => {
  it('says spans in the largest unit that they are whole in', () => {
    const said = [1_296_000, 5_400, 3_600, 61].map((seconds) => spanOf(seconds, en.sheet.units));
    expect(said).toEqual(['15 days', '90 minutes', '1 hour', '61 seconds']);
  });

  it('lays hours on the day, those over midnight in two', () => {
    expect(partsOf('06:00-12:00')).toEqual([{ from: 0.25, to: 0.5 }]);
    expect(partsOf('18:00-24:00')).toEqual([{ from: 0.75, to: 1 }]);
    expect(partsOf('18:00-06:00')).toEqual([
      { from: 0, to: 0.25 },
      { from: 0.75, to: 1 },
    ]);
    expect(partsOf('18:00-00:00')).toEqual([{ from: 0.75, to: 1 }]);
    expect(partsOf('noon')).toEqual([]);
  });

  it('knows the leap day', () => {
    expect(dayOfYear('02-29', 'en-GB')).toBe('29 Feb');
  });
});
