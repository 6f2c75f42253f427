const coin = 10n ** 18n;

/** Wei as coins with so many decimals (at most 18), rounded half away from zero; a sum too small to show is not shown as nothing. */
export function coins(wei: bigint | string, decimals: number, locale: string, unit: string): string {
  const exact = BigInt(wei);
  const size = exact < 0n ? -exact : exact;
  const scale = 10n ** BigInt(decimals);
  const step = coin / scale;
  const rounded = (size + step / 2n) / step;
  if (size > 0n && rounded === 0n) return `${exact < 0n ? '> −' : '< '}${plain(1n, scale, decimals, locale)} ${unit}`;
  return `${exact < 0n ? '−' : ''}${plain(rounded, scale, decimals, locale)} ${unit}`;
}

function plain(amount: bigint, scale: bigint, decimals: number, locale: string): string {
  const whole = new Intl.NumberFormat(locale).format(amount / scale);
  return decimals === 0 ? whole : `${whole}.${(amount % scale).toString().padStart(decimals, '0')}`;
}
