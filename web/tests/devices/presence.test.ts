import { describe, expect, it } from 'vitest';
import type { Device } from '../../src/api/screens';
import { figuresOf, filterDevices, presenceOf } from '../../src/devices/presence';

const device = (name: string, more: Partial<Device> = {}): Device => ({
  meter: `0x${name.length.toString().repeat(40).slice(0, 40)}`,
  name,
  kind: 'premises',
  microgrid: 1,
  premises: `0x${'00'.repeat(32)}`,
  online: true,
  lastSeen: '2026-11-21T08:00:00Z',
  telemetry: null,
  firmware: null,
  boot: 1,
  sequence: '5',
  refused24h: 0,
  supply: null,
  ...more,
});
const telemetry = {
  powerW: 230,
  voltageV: 229.96,
  currentA: 1,
  frequencyHz: null,
  powerFactor: Number.NaN,
  stateOfCharge: 0.425,
  temperatureC: -3.04,
  at: '2026-11-21T08:00:00Z',
};

describe('Devices', () => {
  it('are online, idle, or were never there', () => {
    expect(presenceOf(device('a'))).toBe('online');
    expect(presenceOf(device('a', { online: false }))).toBe('idle');
    expect(presenceOf(device('a', { online: false, lastSeen: null }))).toBe('never');
  });

  it('are filtered without changing their order', () => {
    const all = [device('House 2'), device('Pump', { online: false, refused24h: 3 }), device('House 1')];
    const names = (filter: Partial<Parameters<typeof filterDevices>[1]>) =>
      filterDevices(all, { text: '', presence: 'all', refused: false, ...filter }).map(({ name }) => name);
    expect(names({})).toEqual(['House 2', 'Pump', 'House 1']);
    expect(names({ text: ' HOUSE' })).toEqual(['House 2', 'House 1']);
    expect(names({ presence: 'idle' })).toEqual(['Pump']);
    expect(names({ refused: true })).toEqual(['Pump']);
    expect(names({ text: all[1]!.meter.toUpperCase().slice(2) })).toEqual(['Pump']);
  });

  it('say what they measure, and nothing of what they do not', () => {
    expect(figuresOf(telemetry, 'en-GB').map(({ name, said }) => `${name} ${said}`)).toEqual([
      'voltageV 230.0 V',
      'currentA 1.00 A',
      'stateOfCharge 43 %',
      'temperatureC -3.0 °C',
    ]);
    expect(figuresOf(null, 'en-GB')).toEqual([]);
  });
});
