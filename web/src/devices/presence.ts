import type { Device } from '../api/screens';

export type Presence = 'online' | 'idle' | 'never';

/** Whether a device is there: idle means that it was, and has said nothing for too long. */
export function presenceOf({ online, lastSeen }: Pick<Device, 'online' | 'lastSeen'>): Presence {
  return online ? 'online' : lastSeen === null ? 'never' : 'idle';
}

export interface DeviceFilter {
  text: string;
  presence: Presence | 'all';
  refused: boolean;
}

/** The devices that a filter leaves, in the node's order: what changes its state does not change its place. */
export function filterDevices(devices: readonly Device[], { text, presence, refused }: DeviceFilter): Device[] {
  const sought = text.trim().toLocaleLowerCase();
  return devices.filter(
    (device) =>
      (presence === 'all' || presenceOf(device) === presence) &&
      (!refused || device.refused24h > 0) &&
      (sought === '' ||
        device.name.toLocaleLowerCase().includes(sought) ||
        device.meter.toLowerCase().includes(sought)),
  );
}

/** What telemetry says, each with its unit, in the order in which it is shown; what a device does not say is left out. */
export function figuresOf(
  telemetry: Device['telemetry'],
  locale: string,
): {
  name: 'voltageV' | 'currentA' | 'frequencyHz' | 'powerFactor' | 'stateOfCharge' | 'temperatureC';
  said: string;
}[] {
  if (telemetry === null) return [];
  const shown = [
    ['voltageV', 1, 1, 'V'],
    ['currentA', 1, 2, 'A'],
    ['frequencyHz', 1, 2, 'Hz'],
    ['powerFactor', 1, 2, ''],
    ['stateOfCharge', 100, 0, '%'],
    ['temperatureC', 1, 1, '°C'],
  ] as const;
  return shown.flatMap(([name, factor, decimals, unit]) => {
    const value = telemetry[name];
    if (value === null || value === undefined || !Number.isFinite(value)) return [];
    const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return [{ name, said: `${format.format(value * factor)}${unit === '' ? '' : ` ${unit}`}` }];
  });
}
