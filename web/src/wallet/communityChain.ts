import type { Community } from '../api/types';
import type { Chain } from './connect';

/** The community's chain as this page reaches it. */
export function communityChain(info: Community, origin = location.origin): Chain {
  return { id: BigInt(info.chainId), name: info.name, rpc: `${origin}/rpc` };
}
