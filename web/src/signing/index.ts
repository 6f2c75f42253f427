/*
 * The reader's own transactions:
 *
 *   import { admit } from 'virtual:contract/Members';
 *   import { encodeCall } from '../proof/abi';
 *   import { signing } from '../signing';
 *   const done = await signing.propose({ title, words, facts, to: community.info.contracts.members as Hex,
 *     data: encodeCall(admit, [account, role, premises]) });
 *   if (done !== null) … it is in block `done.block`.
 */
export { signing, type Act, type Done } from './signing.svelte';
export { encodeCall } from '../proof/abi';
