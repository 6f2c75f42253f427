import type { Rule } from '../api/screens';
import { decimalText, parseDecimal } from './decimal';

/** How a rule's whole number is written for people. */
export interface Measure {
  unit: 'hours' | 'minutes' | 'percent' | 'kilowattHours' | 'coinPerKilowattHour' | 'days' | 'watts' | 'loss' | 'plain';
  read: (text: string) => bigint | null;
  write: (value: bigint | string) => string;
}

function decimal(unit: Measure['unit'], decimals: number): Measure {
  return {
    unit,
    read: (text) => parseDecimal(text, decimals),
    write: (value) => decimalText(value, decimals),
  };
}

/** Seconds shown in a larger unit, to its hundredth; what is no whole number of seconds cannot be read. */
function seconds(unit: Measure['unit'], length: bigint): Measure {
  return {
    unit,
    read: (text) => {
      const hundredths = parseDecimal(text, 2);
      return hundredths === null || (hundredths * length) % 100n !== 0n ? null : (hundredths * length) / 100n;
    },
    write: (value) => decimalText((BigInt(value) * 100n) / length, 2),
  };
}

const plain = decimal('plain', 0);

const measures: Record<string, Measure> = {
  delaySeconds: seconds('hours', 3600n),
  advertLifeSeconds: seconds('hours', 3600n),
  intervalSeconds: seconds('minutes', 60n),
  lossFixedMaximum: decimal('watts', 3),
  lossQuadraticMaximum: decimal('loss', 6),
  toleranceMaximum: decimal('percent', 2),
  priceCeilingPerKilowattHour: decimal('coinPerKilowattHour', 18),
  graceDays: decimal('days', 0),
};

/** The measure of a rule by its name on the ledger, where shares are basis points and energies milliwatt hours. */
export function measureOf(rule: string): Measure {
  if (Object.hasOwn(measures, rule)) return measures[rule]!;
  if (rule.endsWith('Share')) return decimal('percent', 2);
  if (rule.endsWith('Energy')) return decimal('kilowattHours', 6);
  return plain;
}

/** The values that the ledger takes for a rule besides its bounds; null where every number between them will do. */
export function choicesOf(rule: string): readonly bigint[] | null {
  return rule === 'intervalSeconds' ? [60n, 300n, 900n, 1800n, 3600n] : null;
}

/** Whether the ledger refuses a value of the rule for one microgrid alone. */
export function isCommunityWide(rule: string): boolean {
  return rule === 'delaySeconds' || rule === 'vaultSealed';
}

export type ValueFault = 'form' | 'low' | 'high' | 'unchanged' | 'choice';

/** The number that a regulator's text proposes for a rule; or what is wrong with it. */
export function readValue(
  rule: Pick<Rule, 'id' | 'value' | 'min' | 'max'>,
  text: string,
): { value: bigint } | { fault: ValueFault } {
  const value = measureOf(rule.id).read(text);
  if (value === null) return { fault: 'form' };
  if (rule.min !== null && value < BigInt(rule.min)) return { fault: 'low' };
  if (rule.max !== null && value > BigInt(rule.max)) return { fault: 'high' };
  const choices = choicesOf(rule.id);
  if (choices !== null && !choices.includes(value)) return { fault: 'choice' };
  return value === BigInt(rule.value) ? { fault: 'unchanged' } : { value };
}
