const perKilowattHour = 1_000_000n;

/** Milliwatt hours as kilowatt hours with so many decimals (at most 6), rounded half away from zero. */
export function kilowattHours(milliwattHours: bigint | string, decimals: number, locale: string): string {
  const exact = BigInt(milliwattHours);
  const size = exact < 0n ? -exact : exact;
  const unit = perKilowattHour / 10n ** BigInt(decimals);
  const rounded = (size + unit / 2n) / unit;
  const scale = 10n ** BigInt(decimals);
  const whole = new Intl.NumberFormat(locale).format(rounded / scale);
  const fraction = decimals === 0 ? '' : `.${(rounded % scale).toString().padStart(decimals, '0')}`;
  return `${exact < 0n && rounded !== 0n ? '−' : ''}${whole}${fraction} kWh`;
}
