/** The whole number that a decimal text stands for when its unit has so many decimals; null when it stands for none. */
export function parseDecimal(text: string, decimals: number): bigint | null {
  const match = /^(\d{1,40})(?:[.,](\d{1,40}))?$/.exec(text.trim());
  if (match === null) return null;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > decimals) return null;
  return BigInt(match[1]! + fraction.padEnd(decimals, '0'));
}

/** The shortest decimal text of a whole number whose unit has so many decimals: 1500000 with 6 is `1.5`. */
export function decimalText(value: bigint | string, decimals: number): string {
  const exact = BigInt(value);
  const digits = (exact < 0n ? -exact : exact).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '');
  return `${exact < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
