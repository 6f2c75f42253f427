import { keccak_256 } from '@noble/hashes/sha3.js';
import { signHash } from '../keys/account';
import { concat, fromHex, toHex, uint, type Hex } from '../proof/bytes';
import { ask, WalletError, type Provider } from '../wallet/provider';

/** What a payer owes in a channel since it was opened. */
export interface Voucher {
  channel: Hex;
  /** Wei. */
  total: bigint;
  /** mWh. */
  energy: bigint;
}

/** Where a voucher holds. */
export interface Place {
  chainId: bigint;
  /** The contract `Channels`. */
  contract: Hex;
}

const voucherFields = [
  { name: 'channel', type: 'bytes32' },
  { name: 'total', type: 'uint256' },
  { name: 'energy', type: 'uint64' },
] as const;

const domainFields = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const;

/** The voucher as wallets show it before they sign (EIP-712, `eth_signTypedData_v4`): each number under its own name. */
export function typedVoucher(voucher: Voucher, place: Place) {
  return {
    types: { EIP712Domain: domainFields, Voucher: voucherFields },
    primaryType: 'Voucher',
    domain: {
      name: 'Busbar Channels',
      version: '1',
      chainId: place.chainId.toString(),
      verifyingContract: place.contract,
    },
    message: { channel: voucher.channel, total: voucher.total.toString(), energy: voucher.energy.toString() },
  };
}

/** What is signed. */
export function voucherDigest(voucher: Voucher, place: Place): Hex {
  const domain = hash(
    hashText('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
    hashText('Busbar Channels'),
    hashText('1'),
    uint(place.chainId, 32),
    concat(new Uint8Array(12), exactly(fromHex(place.contract), 20)),
  );
  const message = hash(
    hashText('Voucher(bytes32 channel,uint256 total,uint64 energy)'),
    exactly(fromHex(voucher.channel), 32),
    uint(voucher.total, 32),
    concat(new Uint8Array(24), uint(voucher.energy, 8)),
  );
  return toHex(hash(Uint8Array.of(0x19, 0x01), domain, message));
}

/** Signs with a key of this page: r, s and v in 65 bytes. */
export function signVoucher(voucher: Voucher, place: Place, key: Uint8Array): Hex {
  const { r, s, parity } = signHash(fromHex(voucherDigest(voucher, place)), key);
  return toHex(concat(uint(r, 32), uint(s, 32), Uint8Array.of(27 + parity)));
}

/** Has a wallet sign; a refusal is a WalletError. */
export async function askVoucher(voucher: Voucher, place: Place, account: Hex, provider: Provider): Promise<Hex> {
  const said = await ask(provider, 'eth_signTypedData_v4', [account, JSON.stringify(typedVoucher(voucher, place))]);
  if (typeof said !== 'string' || !/^0x[0-9a-f]{130}$/i.test(said)) throw new WalletError('strange', 'no signature');
  // Some wallets say 0 and 1 for 27 and 28.
  const bytes = fromHex(said);
  if (bytes[64]! < 2) bytes[64]! += 27;
  if (bytes[64] !== 27 && bytes[64] !== 28) throw new WalletError('strange', 'no signature');
  return toHex(bytes);
}

function hash(...parts: Uint8Array[]): Uint8Array {
  return keccak_256(concat(...parts));
}

function hashText(text: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(text));
}

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`not ${length} bytes`);
  return bytes;
}
