import { readAmount, type AmountFault } from '../bills/amount';
import { parseDecimal } from '../community/decimal';

/** Digits of a kilowatt-hour behind the point: a milliwatt-hour. */
export const energyPlaces = 6;
const kilowattHour = 1_000_000n;
const coin = 10n ** 18n;
/** What is shown of a coin at most. */
const shownPlaces = 6;
const micro = coin / 10n ** BigInt(shownPlaces);

export type EnergyFault = 'form' | 'least' | 'most';

/** Kilowatt-hours as a person types them, in mWh, between two bounds; what is wrong with them otherwise. */
export function readEnergy(text: string, least: bigint, most: bigint): { mwh: bigint } | { fault: EnergyFault } {
  // A thousand to some, one to others.
  if (/^\d{1,3},\d{3}$/.test(text.trim())) return { fault: 'form' };
  const mwh = parseDecimal(text, energyPlaces);
  if (mwh === null) return { fault: 'form' };
  if (mwh > most) return { fault: 'most' };
  return mwh < least ? { fault: 'least' } : { mwh };
}

/** The energy of a purchase: a watt-hour or more, or all that is left, however little. */
export function readPart(text: string, least: bigint, left: bigint): { mwh: bigint } | { fault: EnergyFault } {
  return readEnergy(text, left < least ? left : least, left);
}

export type PriceFault = Exclude<AmountFault, 'most'> | 'ceiling';

/** Coins a kilowatt-hour as a person types them, in wei. */
export function readPrice(text: string, ceiling: bigint): { wei: bigint } | { fault: PriceFault } {
  const read = readAmount(text, ceiling);
  if ('wei' in read) return read;
  return { fault: read.fault === 'most' ? 'ceiling' : read.fault };
}

/** As many decimals of a kilowatt-hour as make an energy readable and, where it is small, exact. */
export function decimalsOf(mwh: bigint | string): number {
  const exact = BigInt(mwh);
  const size = exact < 0n ? -exact : exact;
  if (size >= 10n * kilowattHour) return 1;
  if (size >= kilowattHour || size === 0n) return 2;
  return Math.max(3, digitsOf(size, energyPlaces));
}

/** As many decimals of a coin as an amount has, at least two and at most six; of large ones two. */
export function coinDecimals(wei: bigint | string): number {
  const exact = BigInt(wei);
  const size = exact < 0n ? -exact : exact;
  if (size >= 1000n * coin) return 2;
  // Rounded as it is shown, so that what is not shown brings no zeros.
  const shown = (size + micro / 2n) / micro;
  return Math.max(2, digitsOf(shown, shownPlaces));
}

function digitsOf(value: bigint, places: number): number {
  let digits = places;
  for (let rest = value; digits > 0 && rest % 10n === 0n; rest /= 10n) digits--;
  return digits;
}

/** A part of a whole in whole hundredths, never 100 before it is whole. */
export function percentOf(part: bigint | string, whole: bigint | string): number {
  const [some, all] = [BigInt(part), BigInt(whole)];
  if (all === 0n || some >= all) return 100;
  return Number((some * 100n) / all);
}
