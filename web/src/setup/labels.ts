import { parseAddress } from '../community/address';
import type { Hex } from '../proof/bytes';

/** What is printed for one meter. */
export interface Label {
  name: string;
  meter: string;
  /** What the device shows to the node; null when it has one already, or gets it another way. */
  token: string | null;
}

export const labelsAPage = 24;

/**
 * What the label's code says: the page of the node that sets the meter up. The token stands behind the `#`, which no
 * browser sends to any server.
 */
export function labelLink(origin: string, { meter, token }: Label): string {
  return `${origin}/#/setup/meter/${meter}${token === null ? '' : `/${encodeURIComponent(token)}`}`;
}

/** The meter and token of a label's code, of its text, or of an address alone; null when it is none. */
export function readLabel(text: string): { meter: Hex; token: string | null } | null {
  const link = /#\/setup\/meter\/(0x[0-9a-fA-F]{40})(?:\/([^/?#]{1,200}))?$/.exec(text.trim());
  const meter = parseAddress(link?.[1] ?? text);
  if ('fault' in meter) return null;
  return { meter: meter.address, token: link?.[2] === undefined ? null : decodeURIComponent(link[2]) };
}

/** Labels as they come on sheets; `used` places at the first sheet's top are gone already. */
export function sheetsOf<T>(labels: readonly T[], used = 0): (T | null)[][] {
  const places: (T | null)[] = [...Array.from({ length: used % labelsAPage }, () => null), ...labels];
  const sheets: (T | null)[][] = [];
  for (let i = 0; i < places.length; i += labelsAPage) sheets.push(places.slice(i, i + labelsAPage));
  return sheets;
}
