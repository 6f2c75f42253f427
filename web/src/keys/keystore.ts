import { ctr } from '@noble/ciphers/aes.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, fromHex, toHex } from '../proof/bytes';
import { addressOf } from './account';

/** Web3 Secret Storage, version 3: a private key encrypted under a secret of its own. */
export interface Keystore {
  version: 3;
  id: string;
  address: string;
  crypto: {
    cipher: 'aes-128-ctr';
    ciphertext: string;
    cipherparams: { iv: string };
    kdf: string;
    kdfparams: Record<string, unknown>;
    mac: string;
  };
}

export type KeystoreFault = 'format' | 'secret' | 'address';

export class KeystoreError extends Error {
  constructor(readonly fault: KeystoreFault) {
    super(fault);
  }
}

/** About a second on a phone: as slow as a person bears once, and dear for one who tries many secrets. */
const standardCost = 1 << 17;
/** Memory of 256 MB at r = 8: beyond it a page is killed, and no honest file asks for it. */
const highestCost = 1 << 18;

/** Encrypts a private key. `cost` is scrypt's N. */
export async function encryptKey(key: Uint8Array, secret: string, cost = standardCost): Promise<Keystore> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const derived = await scryptAsync(bytesOf(secret), salt, { N: cost, r: 8, p: 1, dkLen: 32 });
  const ciphertext = ctr(derived.slice(0, 16), iv).encrypt(key);
  const mac = keccak_256(concat(derived.slice(16, 32), ciphertext));
  return {
    version: 3,
    id: uuid(),
    address: addressOf(key).slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      ciphertext: bare(ciphertext),
      cipherparams: { iv: bare(iv) },
      kdf: 'scrypt',
      kdfparams: { dklen: 32, n: cost, r: 8, p: 1, salt: bare(salt) },
      mac: bare(mac),
    },
  };
}

/** The private key in a keystore; a KeystoreError says whether the file or the secret is wrong. */
export async function decryptKey(keystore: unknown, secret: string): Promise<Uint8Array> {
  const { crypto: sealed, address } = partsOf(keystore);
  const derived = await derive(sealed.kdf, sealed.kdfparams, bytesOf(secret));
  const ciphertext = hexBytes(sealed.ciphertext);
  if (bare(keccak_256(concat(derived.slice(16, 32), ciphertext))) !== sealed.mac.toLowerCase()) {
    throw new KeystoreError('secret');
  }
  const key = ctr(derived.slice(0, 16), hexBytes(sealed.cipherparams.iv)).decrypt(ciphertext);
  if (address !== undefined && addressOf(key).slice(2).toLowerCase() !== address.toLowerCase().replace(/^0x/, '')) {
    throw new KeystoreError('address');
  }
  return key;
}

async function derive(kdf: string, params: Record<string, unknown>, secret: Uint8Array): Promise<Uint8Array> {
  const number = (name: string, most: number) => {
    const value = params[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > most) {
      throw new KeystoreError('format');
    }
    return value;
  };
  const salt = hexBytes(params['salt']);
  if (number('dklen', 64) < 32) throw new KeystoreError('format');
  if (kdf === 'scrypt') {
    const [n, r, p] = [number('n', highestCost), number('r', 8), number('p', 8)];
    if ((n & (n - 1)) !== 0 || n < 2) throw new KeystoreError('format');
    return scryptAsync(secret, salt, { N: n, r, p, dkLen: 32 });
  }
  if (kdf !== 'pbkdf2' || params['prf'] !== 'hmac-sha256') throw new KeystoreError('format');
  return pbkdf2Async(sha256, secret, salt, { c: number('c', 10_000_000), dkLen: 32 });
}

function partsOf(keystore: unknown): { crypto: Keystore['crypto']; address: string | undefined } {
  const file = (keystore ?? {}) as Partial<Keystore> & { Crypto?: Keystore['crypto'] };
  const sealed = file.crypto ?? file.Crypto;
  const whole =
    file.version === 3 &&
    sealed?.cipher === 'aes-128-ctr' &&
    typeof sealed.mac === 'string' &&
    typeof sealed.kdf === 'string' &&
    typeof sealed.kdfparams === 'object' &&
    /^[0-9a-f]{64}$/i.test(String(sealed.ciphertext)) &&
    /^[0-9a-f]{32}$/i.test(String(sealed.cipherparams?.iv));
  if (!whole) throw new KeystoreError('format');
  return { crypto: sealed, address: typeof file.address === 'string' ? file.address : undefined };
}

function bytesOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret.normalize('NFKC'));
}

function hexBytes(text: unknown): Uint8Array {
  if (typeof text !== 'string' || text.length > 256 || !/^([0-9a-f]{2})*$/i.test(text))
    throw new KeystoreError('format');
  return fromHex(`0x${text}`);
}

function bare(bytes: Uint8Array): string {
  return toHex(bytes).slice(2);
}

function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bare(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
