import { describe, expect, it } from 'vitest';
import { readLeast, readPrice, typedLeast, typedPrice } from '../../src/settings/offers';

describe('a filter of offers as a person types it', () => {
  it('takes prices in coins, nothing for any, and refuses the rest', () => {
    expect(readPrice('0.0001')).toBe('100000000000000');
    expect(readPrice(' ')).toBeNull();
    for (const wrong of ['dear', '-1', '0.0000000000000000001']) expect(readPrice(wrong)).toBe(false);
  });

  it('takes energy in kilowatt-hours', () => {
    expect(readLeast('0.5')).toBe('500000');
    expect(readLeast('')).toBe('0');
    for (const wrong of ['much', '-1', '99999999999999999999']) expect(readLeast(wrong)).toBe(false);
  });

  it('shows what was typed', () => {
    for (const price of ['0.0001', '1', '12.5', '']) expect(typedPrice(readPrice(price) as string | null)).toBe(price);
    for (const least of ['0.5', '3', '']) expect(typedLeast(readLeast(least) as string)).toBe(least);
  });
});
