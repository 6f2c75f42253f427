import { describe, expect, it } from 'vitest';
import { kilowattHours } from '../../src/format/energy';
import { barEnd, directionOf, powerSize } from '../../src/format/power';
import { Clock } from '../../src/format/time';

describe('kilowattHours', () => {
  it.each([
    ['0', 2, '0.00 kWh'],
    ['1234567', 6, '1.234567 kWh'],
    ['1234567', 3, '1.235 kWh'],
    ['999999', 2, '1.00 kWh'],
    ['-1500000', 1, '−1.5 kWh'],
    ['-400', 2, '0.00 kWh'],
    ['18446744073709551615', 6, '18,446,744,073,709.551615 kWh'],
  ])('renders %s mWh with %i decimals', (energy, decimals, said) => {
    expect(kilowattHours(energy, decimals, 'en-GB')).toBe(said);
  });
});

describe('power', () => {
  it.each([
    [230, 'takes', '230 W'],
    [-120, 'gives', '120 W'],
    [0.4, 'rests', '0 W'],
    [-0.4, 'rests', '0 W'],
    [999.4, 'takes', '999 W'],
    [999.6, 'takes', '1.00 kW'],
    [-12_345, 'gives', '12.35 kW'],
    [123_456, 'takes', '123.5 kW'],
    [2_500_000, 'takes', '2.50 MW'],
  ])('says %d W in words', (watts, direction, size) => {
    expect(directionOf(watts)).toBe(direction);
    expect(powerSize(watts)).toBe(size);
  });

  it('knows no direction without a figure', () => {
    expect(directionOf(null)).toBe('unknown');
    expect(directionOf(Number.NaN)).toBe('unknown');
  });

  it.each([
    [1, 500],
    [501, 1000],
    [1001, 2000],
    [2001, 5000],
    [5001, 10_000],
    [12_000, 20_000],
  ])('ends a bar for %d W at %d W', (watts, end) => expect(barEnd(watts)).toBe(end));
});

describe('Clock', () => {
  const clock = new Clock('Asia/Kolkata', 'en-GB');

  it('renders an interval in the zone, over midnight too', () => {
    expect(clock.interval(new Date('2026-11-21T08:45:00Z'), 15)).toBe('21 Nov, 14:15–14:30');
    expect(clock.interval(new Date('2026-11-21T18:15:00Z'), 15)).toBe('21 Nov, 23:45–00:00');
  });

  it('leaves out the day when it is the same in the zone', () => {
    const now = new Date('2026-11-21T18:31:00Z');
    expect(clock.relativeTo(new Date('2026-11-21T18:30:00Z'), now)).toBe('00:00:00');
    expect(clock.relativeTo(new Date('2026-11-21T18:29:59Z'), now)).toBe('21 Nov, 23:59:59');
  });
});
