import type { DecodedValue } from '../api/screens';
import { decimalText } from '../community/decimal';

/** How a decoded value is shown: as a link, as an instant, or as a text with its unit. */
export type Shown =
  | { as: 'address'; address: string; label: string | null }
  | { as: 'hash'; hash: string }
  | { as: 'instant'; at: Date }
  | { as: 'text'; text: string; mono: boolean }
  | { as: 'group'; members: DecodedValue[]; omitted: number };

const units: Record<string, [decimals: number, unit: string]> = {
  MilliwattHours: [6, 'kWh'],
  Seconds: [0, 's'],
  Milliwatts: [3, 'W'],
  MicrowattsPerSquareKilowatt: [6, 'W/kW²'],
  BasisPoints: [2, '%'],
};

/** What a value means in the reader's units; one with a hint that is not known is shown as it came. */
export function shownValue(value: DecodedValue, yes: string, no: string): Shown {
  const { hint, text, label } = value;
  if ((hint === 'List' || hint === 'Group') && value.members !== undefined)
    return { as: 'group', members: value.members, omitted: value.omitted ?? 0 };
  const unit = units[hint];
  if (unit !== undefined && /^-?\d+$/.test(text))
    return { as: 'text', text: `${decimalText(text, unit[0])} ${unit[1]}`, mono: false };
  if (hint === 'Instant' && /^\d{1,12}$/.test(text)) {
    return text === '0' ? { as: 'text', text: '0', mono: false } : { as: 'instant', at: new Date(Number(text) * 1000) };
  }
  if (hint === 'Address') return { as: 'address', address: text, label: label ?? null };
  if (hint === 'Hash' || (hint === 'Bytes' && text.length > 42)) return { as: 'hash', hash: text };
  if (hint === 'Flag') return { as: 'text', text: text === 'true' ? yes : no, mono: false };
  if (hint === 'Choice' && label) return { as: 'text', text: label, mono: false };
  return { as: 'text', text: label ? `${text} (${label})` : text, mono: hint === 'Bytes' };
}
