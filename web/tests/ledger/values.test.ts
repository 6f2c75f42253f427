import { describe, expect, it } from 'vitest';
import type { DecodedValue } from '../../src/api/screens';
import { shownValue } from '../../src/ledger/values';

const value = (hint: DecodedValue['hint'], text: string, more = {}): DecodedValue => ({
  name: 'x',
  type: 't',
  text,
  hint,
  label: null,
  members: [],
  omitted: 0,
  ...more,
});
const shown = (hint: DecodedValue['hint'], text: string, more = {}) => shownValue(value(hint, text, more), 'yes', 'no');

describe('shownValue', () => {
  it.each([
    ['MilliwattHours', '1500000', '1.5 kWh'],
    ['BasisPoints', '250', '2.5 %'],
    ['Seconds', '900', '900 s'],
    ['Milliwatts', '10000000', '10000 W'],
    ['Flag', 'true', 'yes'],
    ['Flag', 'false', 'no'],
    ['Name', 'graceDays', 'graceDays'],
  ] as const)('says %s %s in its unit', (hint, text, said) => {
    expect(shown(hint, text)).toMatchObject({ as: 'text', text: said });
  });

  it('says a choice by its word, and links addresses and hashes', () => {
    expect(shown('Choice', '3', { label: 'Prosumer' })).toMatchObject({ text: 'Prosumer' });
    expect(shown('Address', '0x12', { label: 'Meters' })).toEqual({ as: 'address', address: '0x12', label: 'Meters' });
    expect(shown('Hash', '0xab')).toEqual({ as: 'hash', hash: '0xab' });
    expect(shown('Bytes', `0x${'ab'.repeat(65)}`)).toMatchObject({ as: 'hash' });
    expect(shown('Bytes', '0xab')).toMatchObject({ as: 'text', mono: true });
  });

  it('reads instants, of which 0 is none', () => {
    expect(shown('Instant', '1700000000')).toEqual({ as: 'instant', at: new Date(1_700_000_000_000) });
    expect(shown('Instant', '0')).toMatchObject({ as: 'text', text: '0' });
  });

  it('keeps what a list holds and how much of it is left out', () => {
    const members = [value('Number', '1')];
    expect(shown('List', '', { members, omitted: 9 })).toEqual({ as: 'group', members, omitted: 9 });
  });
});
