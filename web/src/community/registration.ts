import type { Device, DirectoryEntry, Member } from '../api/screens';
import type { Hex } from '../proof/bytes';
import { kinds, mostMeters, type Kind, type MeterToRegister } from './deeds';

/** The firmware that a meter itself reports, when the node knows it. */
export function reportedFirmware(meter: string, devices: readonly Device[]): Hex | null {
  const device = devices.find((device) => device.meter.toLowerCase() === meter.toLowerCase());
  return device?.firmware != null && isHash(device.firmware) ? device.firmware : null;
}

export function isHash(text: string): text is Hex {
  return /^0x[0-9a-f]{64}$/i.test(text) && !/^0x0+$/.test(text);
}

/** The member who holds the premises. */
export function holderOf(premises: string | null, members: readonly Member[]): Hex | null {
  if (premises === null) return null;
  const holder = members.find((member) => member.premises.some((id) => id.toLowerCase() === premises.toLowerCase()));
  return (holder?.account ?? null) as Hex | null;
}

/** The houses of the directory whose premises nobody holds yet. */
export function freeHouses(entries: readonly DirectoryEntry[], members: readonly Member[]): DirectoryEntry[] {
  return entries.filter(({ premises }) => isHash(premises ?? '') && holderOf(premises, members) === null);
}

/**
 * The planned meters that one transaction can register as the directory has them: those whose firmware is known, at most
 * so many; and how many are left for the next.
 */
export function plannedBatch(
  entries: readonly DirectoryEntry[],
  devices: readonly Device[],
  members: readonly Member[],
  firmware: Hex | null = null,
): { meters: MeterToRegister[]; left: number } {
  const ready = entries
    .filter((entry) => !entry.registered)
    .flatMap((entry): MeterToRegister[] => {
      const known = reportedFirmware(entry.meter, devices) ?? firmware;
      return known === null ? [] : [plannedMeter(entry, known, members)];
    });
  return { meters: ready.slice(0, mostMeters), left: Math.max(0, ready.length - mostMeters) };
}

function plannedMeter(entry: DirectoryEntry, firmware: Hex, members: readonly Member[]): MeterToRegister {
  const kind = kinds.find((kind) => kind !== 'None' && kind.toLowerCase() === entry.kind?.toLowerCase()) as
    Kind | undefined;
  return {
    key: entry.meter as Hex,
    kind: kind ?? 'Premises',
    commodity: 'Electricity',
    microgrid: entry.microgrid,
    premises: entry.premises as Hex | null,
    participant: holderOf(entry.premises, members),
    firmware,
  };
}
