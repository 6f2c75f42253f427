declare module 'virtual:contract/Council' {
  import type { AbiFunction } from '../proof/abi';
  export const acceptOwnership: AbiFunction;
  export const applyRegulator: AbiFunction;
  export const appoint: AbiFunction;
  export const cancelRegulator: AbiFunction;
  export const execute: AbiFunction;
  export const proposeEntry: AbiFunction;
  export const proposeRule: AbiFunction;
  export const scheduleRegulator: AbiFunction;
  export const transferOwnership: AbiFunction;
  export const vote: AbiFunction;
}

declare module 'virtual:contract/Members' {
  import type { AbiFunction } from '../proof/abi';
  export const admit: AbiFunction;
  export const admitMany: AbiFunction;
  export const changeRole: AbiFunction;
  export const registerPremisesFor: AbiFunction;
  export const releasePremises: AbiFunction;
  export const remove: AbiFunction;
}

declare module 'virtual:contract/Meters' {
  import type { AbiFunction } from '../proof/abi';
  export const move: AbiFunction;
  export const register: AbiFunction;
  export const registerMany: AbiFunction;
  export const retire: AbiFunction;
}
