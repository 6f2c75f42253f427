import { describe, expect, it } from 'vitest';
import type { Device, DirectoryEntry, Member } from '../../src/api/screens';
import { freeHouses, plannedBatch } from '../../src/community/registration';

const address = (i: number) => `0x${i.toString(16).padStart(40, '0')}`;
const hash = (byte: string) => `0x${byte.repeat(32)}` as const;
const entry = (i: number, more: Partial<DirectoryEntry> = {}): DirectoryEntry => ({
  meter: address(i),
  name: `House ${i}`,
  microgrid: 1,
  kind: 'premises',
  premises: `0x${'00'.repeat(32)}`,
  district: '',
  feeder: '',
  connectionWatts: null,
  registered: false,
  participant: null,
  firmware: null,
  ...more,
});
const device = (i: number, firmware: string | null) => ({ meter: address(i).toUpperCase(), firmware }) as Device;
const member = { account: address(99), premises: [hash('AB')] } as unknown as Member;

describe('plannedBatch', () => {
  it('takes the planned meters whose firmware is known, as the directory has them', () => {
    const entries = [
      entry(1, { premises: hash('ab'), kind: 'premises' }),
      entry(2, { kind: 'transformer' }),
      entry(3),
      entry(4, { registered: true }),
    ];
    const devices = [device(1, hash('11')), device(2, hash('22')), device(3, hash('00')), device(4, hash('44'))];
    const { meters, left } = plannedBatch(entries, devices, [member]);
    expect(left).toBe(0);
    expect(meters).toEqual([
      expect.objectContaining({ key: address(1), kind: 'Premises', participant: address(99), firmware: hash('11') }),
      expect.objectContaining({ key: address(2), kind: 'Transformer', participant: null, firmware: hash('22') }),
    ]);
  });

  it('uses a firmware given for those that did not report yet', () => {
    expect(plannedBatch([entry(1)], [], [], hash('33')).meters[0]!.firmware).toBe(hash('33'));
    expect(plannedBatch([entry(1)], [], []).meters).toEqual([]);
  });

  it('leaves what one transaction does not hold for the next', () => {
    const entries = Array.from({ length: 100 }, (_, i) => entry(i + 1));
    const { meters, left } = plannedBatch(entries, [], [], hash('33'));
    expect([meters.length, left]).toEqual([64, 36]);
  });
});

describe('freeHouses', () => {
  it('has the houses whose premises nobody holds, and none that has no premises', () => {
    const held = entry(1, { premises: hash('ab') });
    const free = entry(2, { premises: hash('cd') });
    const transformer = entry(3, { premises: hash('00') });
    expect(freeHouses([held, free, transformer, entry(4)], [member])).toEqual([free]);
  });
});
