import { errors as anchors } from 'virtual:contract/Anchors';
import { errors as billing } from 'virtual:contract/Billing';
import { errors as board } from 'virtual:contract/Board';
import { errors as channels } from 'virtual:contract/Channels';
import { errors as council } from 'virtual:contract/Council';
import { errors as demands } from 'virtual:contract/Demands';
import { errors as members } from 'virtual:contract/Members';
import { errors as meters } from 'virtual:contract/Meters';
import { errors as payments } from 'virtual:contract/Payments';
import { errors as storage } from 'virtual:contract/Storage';
import { errors as vault } from 'virtual:contract/Vault';
import { checksummed } from '../keys/account';
import { signatureOf, type AbiFunction } from '../proof/abi';
import { fromHex, keccak, type Hex } from '../proof/bytes';

/** A contract's refusal: the name of its error, and what the error carries. */
export interface Refusal {
  name: string;
  values: { name: string; value: string }[];
}

const wordDigits = 64;
/** `Error(string)` of `require` with a text. */
const plainError = '0x08c379a0';
/** `Panic(uint256)`: a fault of the contract itself. */
const panic = '0x4e487b71';

const known = new Map<string, AbiFunction>(
  [
    ...anchors,
    ...billing,
    ...board,
    ...channels,
    ...council,
    ...demands,
    ...members,
    ...meters,
    ...payments,
    ...storage,
    ...vault,
  ].map((error) => [keccak(new TextEncoder().encode(signatureOf(error))).slice(0, 10), error]),
);

/** What a contract's refusal says; null when it is of no contract that this page knows. */
export function refusalOf(data: Hex): Refusal | null {
  const selector = data.slice(0, 10).toLowerCase();
  const body = data.slice(10);
  if (selector === plainError) return { name: 'Error', values: [{ name: '', value: textOf(body) }] };
  if (selector === panic) return { name: 'Panic', values: [{ name: '', value: `0x${body.slice(-2)}` }] };
  const error = known.get(selector);
  if (error === undefined || body.length < error.inputs.length * wordDigits) return null;
  return {
    name: error.name,
    values: error.inputs.map(({ name, type }, i) => ({ name, value: valueOf(type, body.slice(i * wordDigits)) })),
  };
}

/** One word, as a person reads it; every error of the contracts carries words alone. */
function valueOf(type: string, at: string): string {
  const word = at.slice(0, wordDigits);
  if (type === 'address') return checksummed(`0x${word.slice(24)}`);
  if (type === 'bool') return BigInt(`0x${word}`) === 0n ? 'false' : 'true';
  if (type.startsWith('int')) return BigInt.asIntN(256, BigInt(`0x${word}`)).toString();
  if (type.startsWith('uint')) return BigInt(`0x${word}`).toString();
  return nameIn(word) ?? `0x${word}`;
}

/** Names of rules and offices are short texts in a word of bytes. */
function nameIn(word: string): string | null {
  const text = word.replace(/(00)+$/, '');
  if (text === '' || text.length % 2 === 1) return null;
  const bytes = fromHex(`0x${text}`);
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? new TextDecoder().decode(bytes) : null;
}

function textOf(body: string): string {
  try {
    const length = Number(BigInt(`0x${body.slice(wordDigits, 2 * wordDigits)}`));
    return new TextDecoder().decode(
      fromHex(`0x${body.slice(2 * wordDigits, 2 * wordDigits + 2 * Math.min(length, 500))}`),
    );
  } catch {
    return '';
  }
}
