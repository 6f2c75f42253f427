import * as council from 'virtual:contract/Council';
import * as members from 'virtual:contract/Members';
import * as meters from 'virtual:contract/Meters';
import { encodeCall, type AbiFunction } from '../proof/abi';
import { toHex, zeroHash, type Hex } from '../proof/bytes';

/* The numbers of these lists are part of the contracts' ABI. */
export const roles = ['None', 'Consumer', 'Producer', 'Prosumer'] as const;
export const offices = ['None', 'Operator', 'Sequencer', 'Authority', 'Treasurer'] as const;
export const kinds = ['None', 'Premises', 'Transformer', 'Plant', 'Storage'] as const;
export const commodities = ['None', 'Electricity', 'Gas', 'Water', 'Heat'] as const;

export type Role = Exclude<(typeof roles)[number], 'None'>;
export type Office = Exclude<(typeof offices)[number], 'None'>;
export type Kind = Exclude<(typeof kinds)[number], 'None'>;
export type Commodity = Exclude<(typeof commodities)[number], 'None'>;

/** Most meters that one transaction registers, and most participants that one admits. */
export const mostMeters = 64;
export const mostAdmissions = 128;

export interface MeterToRegister {
  key: Hex;
  kind: Kind;
  commodity: Commodity;
  microgrid: number;
  /** Null for what stands on no premises, or belongs to the community. */
  premises: Hex | null;
  participant: Hex | null;
  firmware: Hex;
}

/** What a person asks of the ledger in one transaction of their own. Microgrid 0 means all of them. */
export type Deed =
  | { does: 'admit'; account: Hex; role: Role; premises: Hex | null }
  | { does: 'changeRole'; account: Hex; role: Role }
  | { does: 'remove'; account: Hex }
  | { does: 'registerPremises'; premises: Hex; account: Hex }
  | { does: 'releasePremises'; premises: Hex }
  | { does: 'registerMeters'; meters: readonly MeterToRegister[] }
  | { does: 'retireMeter'; key: Hex }
  | { does: 'moveMeter'; key: Hex; microgrid: number; premises: Hex | null; participant: Hex | null }
  | { does: 'proposeRule'; rule: string; microgrid: number; value: bigint }
  | { does: 'proposeEntry'; entry: string; holder: Hex }
  | { does: 'vote'; id: string; support: boolean }
  | { does: 'execute'; id: string }
  | { does: 'appoint'; office: Office; microgrid: number; account: Hex; until: bigint }
  | { does: 'scheduleRegulator'; account: Hex; inOffice: boolean }
  | { does: 'cancelRegulator'; account: Hex }
  | { does: 'applyRegulator'; account: Hex }
  | { does: 'transferOwnership'; account: Hex }
  | { does: 'acceptOwnership' };

export type ContractName = 'council' | 'members' | 'meters';

/** A call of one of the community's contracts. */
export interface ContractCall {
  contract: ContractName;
  function: string;
  data: Hex;
}

/** The call that carries a deed out. What does not fit a parameter throws an AbiError. */
export function callOf(deed: Deed): ContractCall {
  switch (deed.does) {
    case 'admit': {
      const { account, premises } = deed;
      const role = roles.indexOf(deed.role);
      if (premises === null) return call('members', members.admit, account, role);
      return call('members', members.admitMany, [{ account, role, premises }]);
    }
    case 'changeRole':
      return call('members', members.changeRole, deed.account, roles.indexOf(deed.role));
    case 'remove':
      return call('members', members.remove, deed.account);
    case 'registerPremises':
      return call('members', members.registerPremisesFor, deed.premises, deed.account);
    case 'releasePremises':
      return call('members', members.releasePremises, deed.premises);
    case 'registerMeters': {
      const inputs = deed.meters.map(inputOf);
      if (inputs.length === 1) return call('meters', meters.register, inputs[0]);
      return call('meters', meters.registerMany, inputs);
    }
    case 'retireMeter':
      return call('meters', meters.retire, deed.key);
    case 'moveMeter':
      return call(
        'meters',
        meters.move,
        deed.key,
        deed.microgrid,
        deed.premises ?? zeroHash,
        deed.participant ?? zeroAddress,
      );
    case 'proposeRule':
      return call('council', council.proposeRule, nameBytes(deed.rule), deed.microgrid, deed.value);
    case 'proposeEntry':
      return call('council', council.proposeEntry, nameBytes(deed.entry), deed.holder);
    case 'vote':
      return call('council', council.vote, deed.id, deed.support);
    case 'execute':
      return call('council', council.execute, deed.id);
    case 'appoint':
      return call('council', council.appoint, offices.indexOf(deed.office), deed.microgrid, deed.account, deed.until);
    case 'scheduleRegulator':
      return call('council', council.scheduleRegulator, deed.account, deed.inOffice);
    case 'cancelRegulator':
      return call('council', council.cancelRegulator, deed.account);
    case 'applyRegulator':
      return call('council', council.applyRegulator, deed.account);
    case 'transferOwnership':
      return call('council', council.transferOwnership, deed.account);
    case 'acceptOwnership':
      return call('council', council.acceptOwnership);
  }
}

/** A name on the ledger: its letters, filled up with zero bytes to 32. */
export function nameBytes(name: string): Hex {
  if (!/^[\x21-\x7e]{1,32}$/.test(name)) throw new RangeError('not a name of the ledger');
  const bytes = new Uint8Array(32);
  bytes.set(new TextEncoder().encode(name));
  return toHex(bytes);
}

/** Random premises: an id made of an address could be guessed. */
export function newPremises(): Hex {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}

/**
 * What a regulator does when somebody moves into a house: premises of their own for who comes, who is admitted if they are no
 * member yet (`role`), and the meter to them. The node makes the last bill of who leaves and the first account of who comes,
 * both at the end of the interval in which the meter went over.
 */
export function moving(
  meter: Hex,
  microgrid: number,
  account: Hex,
  role: Role | null,
  premises = newPremises(),
): Deed[] {
  return [
    role === null ? { does: 'registerPremises', premises, account } : { does: 'admit', account, role, premises },
    { does: 'moveMeter', key: meter, microgrid, premises, participant: account },
  ];
}

const zeroAddress: Hex = `0x${'0'.repeat(40)}`;

function inputOf(meter: MeterToRegister): unknown {
  return {
    ...meter,
    kind: kinds.indexOf(meter.kind),
    commodity: commodities.indexOf(meter.commodity),
    premises: meter.premises ?? zeroHash,
    participant: meter.participant ?? zeroAddress,
  };
}

function call(contract: ContractName, of: AbiFunction, ...values: unknown[]): ContractCall {
  return { contract, function: of.name, data: encodeCall(of, values) };
}
