import type { NotificationChoices } from '../api/types';
import { decimalText, parseDecimal } from '../community/decimal';

export type Offers = NotificationChoices['offers'];

/** Digits of a coin, and of a kilowatt-hour, behind the point. */
const coin = 18;
const kilowattHour = 6;

/** What a person typed as a price; null for any price, false for what is none. */
export function readPrice(text: string): string | null | false {
  if (text.trim() === '') return null;
  const wei = parseDecimal(text, coin);
  return wei === null ? false : wei.toString();
}

/** What a person typed as kilowatt-hours, in milliwatt-hours; nothing is 0, false for what is none. */
export function readLeast(text: string): string | false {
  if (text.trim() === '') return '0';
  const energy = parseDecimal(text, kilowattHour);
  return energy === null || energy > 9_223_372_036_854_775_807n ? false : energy.toString();
}

export const typedPrice = (wei: string | null) => (wei === null ? '' : decimalText(wei, coin));

export const typedLeast = (energy: string) => (energy === '0' ? '' : decimalText(energy, kilowattHour));
