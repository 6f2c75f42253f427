declare module 'virtual:contract/Anchors' {
  import type { AbiFunction } from './proof/abi';
  export const commitmentOf: AbiFunction;
  export const intervalSeconds: AbiFunction;
  export const isAnchored: AbiFunction;
  export const latestVersion: AbiFunction;
  export const meters: AbiFunction;
  export const verify: AbiFunction;
  export const verifyLeaf: AbiFunction;
}

declare module 'virtual:contract/Meters' {
  import type { AbiFunction } from './proof/abi';
  export const isLeafAt: AbiFunction;
}
