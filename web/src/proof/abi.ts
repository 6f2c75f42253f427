import { concat, fromHex, keccak, toHex, uint, type Hex } from './bytes';

/** A parameter as a contract's ABI file describes it. */
export interface Parameter {
  name: string;
  type: string;
  components?: readonly Parameter[];
}

export interface AbiFunction {
  name: string;
  inputs: readonly Parameter[];
  outputs: readonly Parameter[];
}

/** A value does not fit the parameter that it was given for. */
export class AbiError extends Error {}

/** `name(type,type)`: what the four bytes of a call are the hash of. */
export function signatureOf(of: AbiFunction): string {
  return `${of.name}(${of.inputs.map(canonical).join(',')})`;
}

/** The data of a call: four bytes of selector, then the arguments. */
export function encodeCall(of: AbiFunction, values: readonly unknown[]): Hex {
  const selector = fromHex(keccak(new TextEncoder().encode(signatureOf(of)))).slice(0, 4);
  return toHex(concat(selector, encode(of.inputs, values)));
}

/** Arguments after the standard contract ABI: static parts in place, dynamic ones behind an offset. */
export function encode(parameters: readonly Parameter[], values: readonly unknown[]): Uint8Array {
  const parts = parameters.map((parameter, i) => ({
    dynamic: isDynamic(parameter),
    bytes: encodeOne(parameter, values[i]),
  }));
  let offset = parts.reduce((length, part) => length + (part.dynamic ? 32 : part.bytes.length), 0);
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  for (const part of parts) {
    if (part.dynamic) {
      heads.push(uint(BigInt(offset), 32));
      tails.push(part.bytes);
      offset += part.bytes.length;
    } else heads.push(part.bytes);
  }
  return concat(...heads, ...tails);
}

function encodeOne(parameter: Parameter, value: unknown): Uint8Array {
  const item = itemOf(parameter);
  if (item !== null) {
    if (!Array.isArray(value)) throw new AbiError(`“${parameter.name}” is not a list`);
    if (item.length !== null && item.length !== value.length)
      throw new AbiError(`“${parameter.name}” does not have ${item.length} items`);
    const body = encode(
      value.map(() => item.of),
      value,
    );
    return item.length === null ? concat(uint(BigInt(value.length), 32), body) : body;
  }
  if (parameter.type === 'tuple') {
    const components = parameter.components ?? [];
    if (typeof value !== 'object' || value === null) throw new AbiError(`“${parameter.name}” is not an object`);
    const fields = value as Record<string, unknown>;
    return encode(
      components,
      components.map((component) => {
        if (!Object.hasOwn(fields, component.name))
          throw new AbiError(`“${parameter.name}.${component.name}” is missing`);
        return fields[component.name];
      }),
    );
  }
  try {
    return encodeWord(parameter.type, value);
  } catch (error) {
    if (error instanceof AbiError) throw error;
    throw new AbiError(`“${parameter.name}” is not ${parameter.type}`);
  }
}

function encodeWord(type: string, value: unknown): Uint8Array {
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw new RangeError();
    return uint(value ? 1n : 0n, 32);
  }
  if (type.startsWith('uint')) {
    if (typeof value !== 'bigint' && typeof value !== 'string' && typeof value !== 'number') throw new RangeError();
    if (typeof value === 'string' && !/^[0-9]{1,78}$/.test(value)) throw new RangeError();
    const bytes = uint(BigInt(value), Number(type.slice(4) || '256') / 8);
    return concat(new Uint8Array(32 - bytes.length), bytes);
  }
  if (typeof value !== 'string') throw new RangeError();
  const bytes = fromHex(value);
  if (type === 'address') {
    if (bytes.length !== 20) throw new RangeError();
    return concat(new Uint8Array(12), bytes);
  }
  if (type === 'bytes') {
    return concat(uint(BigInt(bytes.length), 32), bytes, new Uint8Array((32 - (bytes.length % 32)) % 32));
  }
  const fixed = /^bytes([0-9]+)$/.exec(type);
  if (fixed === null || bytes.length !== Number(fixed[1])) throw new RangeError();
  return concat(bytes, new Uint8Array(32 - bytes.length));
}

function itemOf(parameter: Parameter): { of: Parameter; length: number | null } | null {
  const array = /^(.*)\[([0-9]*)\]$/.exec(parameter.type);
  if (array === null) return null;
  return { of: { ...parameter, type: array[1] ?? '' }, length: array[2] === '' ? null : Number(array[2]) };
}

function isDynamic(parameter: Parameter): boolean {
  const item = itemOf(parameter);
  if (item !== null) return item.length === null || isDynamic(item.of);
  if (parameter.type === 'tuple') return (parameter.components ?? []).some(isDynamic);
  return parameter.type === 'bytes' || parameter.type === 'string';
}

function canonical(parameter: Parameter): string {
  const components = (parameter.components ?? []).map(canonical).join(',');
  return parameter.type.startsWith('tuple') ? `(${components})${parameter.type.slice(5)}` : parameter.type;
}
