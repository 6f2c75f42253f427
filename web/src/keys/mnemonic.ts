import { HDKey } from '@scure/bip32';
import { entropyToMnemonic, mnemonicToSeed, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

/** Where Ethereum wallets keep the first account of a phrase (BIP-44, coin type 60). */
const path = "m/44'/60'/0'/0/0";

/** The longest text that can be a phrase: 24 words of 8 letters. */
const longestPhrase = 24 * 9;

export type PhraseFault = 'count' | 'word' | 'checksum';

/** Twelve new words (BIP-39, 128 bits of the browser's randomness). */
export function newPhrase(): string {
  return entropyToMnemonic(crypto.getRandomValues(new Uint8Array(16)), wordlist);
}

/** As it is written by hand: capitals, line ends and many spaces do not matter. */
export function tidyPhrase(text: string): string {
  return text.normalize('NFKD').toLowerCase().trim().split(/\s+/).join(' ');
}

/** What is wrong with a phrase, with the word that is not in the list; null when it is one. */
export function faultOf(text: string): { fault: PhraseFault; word?: string } | null {
  if (text.length > 2 * longestPhrase) return { fault: 'count' };
  const phrase = tidyPhrase(text);
  const words = phrase.split(' ');
  const strange = words.find((word) => !wordlist.includes(word));
  if (phrase !== '' && strange !== undefined && words.length >= 12) return { fault: 'word', word: strange };
  if (![12, 15, 18, 21, 24].includes(words.length)) return { fault: 'count' };
  return validateMnemonic(phrase, wordlist) ? null : { fault: 'checksum' };
}

/** The private key of a phrase's first account. */
export async function keyOf(phrase: string): Promise<Uint8Array> {
  const seed = await mnemonicToSeed(tidyPhrase(phrase));
  try {
    const key = HDKey.fromMasterSeed(seed).derive(path).privateKey;
    if (key === null || key === undefined) throw new RangeError('no key at this path');
    return key;
  } finally {
    seed.fill(0);
  }
}

/** Three places of a phrase that are asked for, to see that it was written down; in ascending order, from 0. */
export function placesToAsk(count: number): number[] {
  const places = new Set<number>();
  while (places.size < Math.min(3, count)) places.add(crypto.getRandomValues(new Uint32Array(1))[0]! % count);
  return [...places].sort((a, b) => a - b);
}
