import { describe, expect, it } from 'vitest';
import { checksummed } from '../../src/keys/account';
import { labelLink, labelsAPage, readLabel, sheetsOf } from '../../src/setup/labels';
import { qrPath } from '../../src/setup/qr';

const meter = checksummed(`0x${'ab'.repeat(20)}`);
const token = 'x4-_'.repeat(10) + 'abc';

describe('Labels', () => {
  it('name the meter and its token, and are read back', () => {
    const link = labelLink('https://busbar.local', { name: 'House 1', meter, token });
    expect(link).toBe(`https://busbar.local/#/setup/meter/${meter}/${token}`);
    expect(readLabel(link)).toEqual({ meter, token });
    expect(readLabel(labelLink('https://busbar.local', { name: '', meter, token: null }))).toEqual({
      meter,
      token: null,
    });
    expect(readLabel(` ${meter.toLowerCase()} `)).toEqual({ meter, token: null });
  });

  it('are refused when they name no meter', () => {
    expect(readLabel('https://example.com')).toBeNull();
    expect(readLabel(`https://busbar.local/#/setup/meter/0x12/${token}`)).toBeNull();
  });

  it('fill sheets of 24, behind the places that are used already', () => {
    const labels = Array.from({ length: 30 }, (_, i) => i);
    expect(sheetsOf(labels).map((sheet) => sheet.length)).toEqual([labelsAPage, 6]);
    const [first, second] = sheetsOf(labels, 20);
    expect(first!.slice(18, 22)).toEqual([null, null, 0, 1]);
    expect(second).toHaveLength(24);
    expect(sheetsOf([])).toEqual([]);
  });
});

describe('qrPath', () => {
  /** The dark squares of a path. */
  const squares = ({ size, path }: { size: number; path: string }) => {
    const rows = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
      for (let i = 0; i < Number(width); i++) rows[Number(y)]![Number(x) + i] = true;
    return rows.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''));
  };

  it('has its three finder patterns behind a quiet zone of four', () => {
    const code = qrPath(labelLink('https://busbar.local:8443', { name: 'House 1', meter, token }));
    const rows = squares(code);
    const end = code.size - 11;
    expect(rows.slice(0, 4).every((row) => !row.includes('#'))).toBe(true);
    for (const [x, y] of [
      [4, 4],
      [end, 4],
      [4, end],
    ] as const)
      expect(rows.slice(y, y + 7).map((row) => row.slice(x, x + 7))).toEqual([
        '#######',
        '#.....#',
        '#.###.#',
        '#.###.#',
        '#.###.#',
        '#.....#',
        '#######',
      ]);
  });

  it('is large enough in print: at most 57 squares and the quiet zone for a label', () => {
    const link = labelLink('https://a-rather-long-name.example.org:8443', { name: '', meter, token });
    expect(qrPath(link).size).toBeLessThanOrEqual(57 + 8);
  });
});
