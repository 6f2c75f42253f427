import { describe, expect, it } from 'vitest';
import { checksummed } from '../../src/keys/account';
import { parseCsv, separatorOf } from '../../src/setup/csv';
import { mostHouses, readHouses } from '../../src/setup/houses';

const meter = (number: number) => checksummed(`0x${number.toString(16).padStart(40, '0')}`);
const faults = (text: string, microgrids = [1]) =>
  readHouses(text, microgrids).problems.map(({ line, column, fault }) => `${line} ${column ?? '-'} ${fault}`);

describe('parseCsv', () => {
  it('keeps separators, line ends and quotes inside quotes, and counts lines', () => {
    const records = parseCsv('a,b\r\n"one, ""two""\nthree",4\r\n\r\nlast,"x"');
    expect(records).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, fields: ['one, "two"\nthree', '4'] },
      { line: 5, fields: ['last', 'x'] },
    ]);
  });

  it('tells the separator from the first line', () => {
    expect(separatorOf('a;b;c\n1,2')).toBe(';');
    expect(separatorOf('a\tb')).toBe('\t');
    expect(parseCsv('\uFEFFa;b\n1,5;2')[1]!.fields).toEqual(['1,5', '2']);
  });

  it('names the line of a quote that is never closed', () => {
    expect(() => parseCsv('a\nb\n"c\nd')).toThrow('line 3');
  });
});

describe('readHouses', () => {
  it('reads columns in any order, with what is not given left open', () => {
    const { houses, problems } = readHouses(
      `Connection Watts;Meter address;NAME;remarks\n5000;${meter(17)};House 1;new\n;${meter(18)};Lift;`,
      [1],
    );
    expect(problems).toEqual([]);
    const open = { kind: 'Premises', microgrid: 1, district: null, feeder: null };
    expect(houses).toEqual([
      { ...open, name: 'House 1', meter: meter(17), connectionWatts: 5000 },
      { ...open, name: 'Lift', meter: meter(18), connectionWatts: null },
    ]);
  });

  it('takes all or none, and names every problem with its line', () => {
    const text = [
      'name,meter,kind,microgrid,watts',
      `House 1,${meter(1)},,1,5000`,
      `,${meter(2)},premises,2,`,
      `House 3,0x12,Windmill,3,-5`,
      `House 1,${meter(1)},,1,`,
      `${'x'.repeat(81)},${meter(5)},,,`,
    ].join('\n');
    expect(readHouses(text, [1, 2]).houses).toEqual([]);
    expect(faults(text, [1, 2])).toEqual([
      '3 name missing',
      '4 meter address',
      '4 kind kind',
      '4 microgrid microgrid',
      '4 connectionWatts watts',
      '5 meter twice',
      '5 name twice',
      '6 name long',
      '6 microgrid missing',
    ]);
  });

  it('finds a mistyped digit by the checksum', () => {
    const wrong = checksummed(`0x${'ab'.repeat(20)}`).replace(/[a-f]/, (letter) => letter.toUpperCase());
    expect(faults(`name,meter\nHouse 1,${wrong}`)).toEqual(['2 meter checksum']);
  });

  it('says when there is no table', () => {
    expect(faults('')).toEqual(['1 - empty']);
    expect(faults('name,meter\n')).toEqual(['1 - empty']);
    expect(faults('House 1,0x12')).toEqual(['1 name noHeader']);
    expect(faults('name,meter\n"House 1')).toEqual(['2 - quote']);
  });

  it('reads hundreds, and refuses more than it takes at once', () => {
    const table = (count: number) =>
      ['name,meter', ...Array.from({ length: count }, (_, i) => `House ${i},${meter(i + 1)}`)].join('\n');
    expect(readHouses(table(800), [1]).houses).toHaveLength(800);
    expect(faults(table(mostHouses + 1))).toEqual([`${mostHouses + 2} - tooMany`]);
  });
});
