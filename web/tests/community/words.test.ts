import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/community/address';
import { decimalText, parseDecimal } from '../../src/community/decimal';
import { isCommunityWide, measureOf, readValue } from '../../src/community/rules';

describe('parseAddress', () => {
  // Examples of EIP-55.
  const examples = [
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ];

  it.each(examples)('writes and reads the checksum of %s', (address) => {
    expect(parseAddress(` ${address} `)).toEqual({ address });
    expect(parseAddress(address.toLowerCase())).toEqual({ address });
  });

  it('says what is wrong', () => {
    expect(parseAddress('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD')).toEqual({ fault: 'checksum' });
    expect(parseAddress('0x5aAeb6')).toEqual({ fault: 'form' });
    expect(parseAddress('5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).toEqual({ fault: 'form' });
    expect(parseAddress(`0x${'0'.repeat(40)}`)).toEqual({ fault: 'zero' });
  });
});

describe('Decimals', () => {
  it('are read exactly', () => {
    expect(parseDecimal('1.5', 6)).toBe(1_500_000n);
    expect(parseDecimal('0,000001', 6)).toBe(1n);
    expect(parseDecimal('9007199254740993', 0)).toBe(9007199254740993n);
    expect(parseDecimal('2.50', 1)).toBe(25n);
  });

  it('are refused when they are finer than the unit or no number', () => {
    for (const text of ['1.55', '', '.5', '-1', '1e3', '1.2.3', '0x10']) expect(parseDecimal(text, 1), text).toBeNull();
  });

  it('are written as short as they are', () => {
    expect(decimalText(1_500_000n, 6)).toBe('1.5');
    expect(decimalText(1n, 18)).toBe('0.000000000000000001');
    expect(decimalText(-250n, 2)).toBe('-2.5');
    expect(decimalText(7n, 0)).toBe('7');
  });
});

describe('Rules', () => {
  const rule = (id: string, value: string, min: string, max: string) => ({ id, value, min, max });

  it.each([
    ['delaySeconds', '604800', '168', 'hours'],
    ['intervalSeconds', '900', '15', 'minutes'],
    ['taxFirstSlabShare', '250', '2.5', 'percent'],
    ['storageMinimumEnergy', '1000000', '1', 'kilowattHours'],
    ['priceCeilingPerKilowattHour', '1000000000000000000', '1', 'coinPerKilowattHour'],
    ['lossFixedMaximum', '10000000', '10000', 'watts'],
    ['graceDays', '14', '14', 'days'],
    ['somethingNew', '3', '3', 'plain'],
  ])('writes %s in its unit and reads it back', (name, value, text, unit) => {
    const measure = measureOf(name);
    expect([measure.write(value), measure.unit]).toEqual([text, unit]);
    expect(measure.read(text)).toBe(BigInt(value));
  });

  it('offers no microgrid a value of what the ledger holds for all', () => {
    expect(['delaySeconds', 'vaultSealed', 'graceDays'].filter(isCommunityWide)).toEqual([
      'delaySeconds',
      'vaultSealed',
    ]);
  });

  it('takes a value within the bounds, and names what is wrong with another', () => {
    const grace = rule('graceDays', '14', '1', '365');
    expect(readValue(grace, '21')).toEqual({ value: 21n });
    expect(readValue(grace, '0')).toEqual({ fault: 'low' });
    expect(readValue(grace, '366')).toEqual({ fault: 'high' });
    expect(readValue(grace, '14')).toEqual({ fault: 'unchanged' });
    expect(readValue(grace, 'two weeks')).toEqual({ fault: 'form' });
    expect(readValue(rule('intervalSeconds', '900', '60', '3600'), '10')).toEqual({ fault: 'choice' });
  });
});
