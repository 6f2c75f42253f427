/* The contracts' functions as build/contractAbi.ts makes them of the ABI files; a test holds the two together. */

declare module 'virtual:contract/Anchors' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const MAXIMUM_BATCH: AbiFunction;
  export const allowanceOf: AbiFunction;
  export const anchor: AbiFunction;
  export const anchoredUntil: AbiFunction;
  export const commitmentAt: AbiFunction;
  export const commitmentOf: AbiFunction;
  export const council: AbiFunction;
  export const feeder: AbiFunction;
  export const gridChanged: AbiFunction;
  export const intervalSeconds: AbiFunction;
  export const isAnchored: AbiFunction;
  export const isOperator: AbiFunction;
  export const latestVersion: AbiFunction;
  export const meters: AbiFunction;
  export const operatorChanged: AbiFunction;
  export const readingDigest: AbiFunction;
  export const setFeeder: AbiFunction;
  export const takeOverOperator: AbiFunction;
  export const transformerRegisters: AbiFunction;
  export const verify: AbiFunction;
  export const verifyLeaf: AbiFunction;
}

declare module 'virtual:contract/Billing' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const MAXIMUM_BATCH: AbiFunction;
  export const aheadOf: AbiFunction;
  export const anchors: AbiFunction;
  export const assignTariff: AbiFunction;
  export const beginTrading: AbiFunction;
  export const boundaryOf: AbiFunction;
  export const charge: AbiFunction;
  export const correct: AbiFunction;
  export const council: AbiFunction;
  export const exchangeMeter: AbiFunction;
  export const issue: AbiFunction;
  export const meters: AbiFunction;
  export const open: AbiFunction;
  export const payments: AbiFunction;
  export const publishTariff: AbiFunction;
  export const store: AbiFunction;
  export const tariffCount: AbiFunction;
  export const tariffOf: AbiFunction;
}

declare module 'virtual:contract/Board' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const DISPUTE_LIFE: AbiFunction;
  export const LEAST_ENERGY: AbiFunction;
  export const MAXIMUM_BATCH: AbiFunction;
  export const MOST_ENERGY: AbiFunction;
  export const TOLERATED: AbiFunction;
  export const advertise: AbiFunction;
  export const advisoriesChanged: AbiFunction;
  export const anchors: AbiFunction;
  export const buy: AbiFunction;
  export const chooseMeter: AbiFunction;
  export const closeAdvert: AbiFunction;
  export const council: AbiFunction;
  export const decide: AbiFunction;
  export const disputeOf: AbiFunction;
  export const draw: AbiFunction;
  export const endDispute: AbiFunction;
  export const expire: AbiFunction;
  export const isDraw: AbiFunction;
  export const leftOf: AbiFunction;
  export const members: AbiFunction;
  export const meterChanged: AbiFunction;
  export const meters: AbiFunction;
  export const openFor: AbiFunction;
  export const postingOf: AbiFunction;
  export const progressOf: AbiFunction;
  export const quote: AbiFunction;
  export const roleChanged: AbiFunction;
  export const rules: AbiFunction;
  export const rulesChanged: AbiFunction;
  export const settle: AbiFunction;
  export const store: AbiFunction;
  export const takeOverRole: AbiFunction;
  export const taxes: AbiFunction;
  export const traderOf: AbiFunction;
  export const vault: AbiFunction;
}

declare module 'virtual:contract/Channels' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const GRACE: AbiFunction;
  export const MAXIMUM_LIFE: AbiFunction;
  export const channelOf: AbiFunction;
  export const close: AbiFunction;
  export const council: AbiFunction;
  export const count: AbiFunction;
  export const countedOf: AbiFunction;
  export const domainSeparator: AbiFunction;
  export const extend: AbiFunction;
  export const forgo: AbiFunction;
  export const idOf: AbiFunction;
  export const mayClose: AbiFunction;
  export const members: AbiFunction;
  export const meters: AbiFunction;
  export const nameCloser: AbiFunction;
  export const open: AbiFunction;
  export const reclaim: AbiFunction;
  export const topUp: AbiFunction;
  export const vault: AbiFunction;
  export const voucherDigest: AbiFunction;
}

declare module 'virtual:contract/Council' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const ANCHORS: AbiFunction;
  export const BOARD: AbiFunction;
  export const MAXIMUM_REGULATORS: AbiFunction;
  export const MEMBERS: AbiFunction;
  export const PROPOSAL_LIFE: AbiFunction;
  export const TAXES: AbiFunction;
  export const VAULT: AbiFunction;
  export const acceptOwnership: AbiFunction;
  export const applyRegulator: AbiFunction;
  export const appoint: AbiFunction;
  export const appointedUntil: AbiFunction;
  export const cancelRegulator: AbiFunction;
  export const epoch: AbiFunction;
  export const execute: AbiFunction;
  export const hasVoted: AbiFunction;
  export const holderOf: AbiFunction;
  export const holds: AbiFunction;
  export const isMajority: AbiFunction;
  export const isRegulator: AbiFunction;
  export const membershipChange: AbiFunction;
  export const owner: AbiFunction;
  export const pendingOwner: AbiFunction;
  export const proposal: AbiFunction;
  export const proposalCount: AbiFunction;
  export const proposeEntry: AbiFunction;
  export const proposeRule: AbiFunction;
  export const regulatorCount: AbiFunction;
  export const regulators: AbiFunction;
  export const renounceOwnership: AbiFunction;
  export const rule: AbiFunction;
  export const ruleAt: AbiFunction;
  export const ruleBounds: AbiFunction;
  export const ruleIn: AbiFunction;
  export const scheduleRegulator: AbiFunction;
  export const transferOwnership: AbiFunction;
  export const vote: AbiFunction;
  export const wire: AbiFunction;
  export const wired: AbiFunction;
}

declare module 'virtual:contract/Demands' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const DEMAND_LIFE: AbiFunction;
  export const accept: AbiFunction;
  export const board: AbiFunction;
  export const closeDemand: AbiFunction;
  export const demand: AbiFunction;
  export const members: AbiFunction;
  export const meters: AbiFunction;
  export const offerOf: AbiFunction;
  export const offerToSell: AbiFunction;
  export const store: AbiFunction;
  export const vault: AbiFunction;
  export const withdrawOffer: AbiFunction;
}

declare module 'virtual:contract/Members' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const MAXIMUM_BATCH: AbiFunction;
  export const admit: AbiFunction;
  export const admitMany: AbiFunction;
  export const changeRole: AbiFunction;
  export const council: AbiFunction;
  export const holderOf: AbiFunction;
  export const isParticipant: AbiFunction;
  export const mayBuy: AbiFunction;
  export const maySell: AbiFunction;
  export const mayTrade: AbiFunction;
  export const participantCount: AbiFunction;
  export const registerPremises: AbiFunction;
  export const registerPremisesFor: AbiFunction;
  export const releasePremises: AbiFunction;
  export const remove: AbiFunction;
  export const roleOf: AbiFunction;
}

declare module 'virtual:contract/Meters' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const ADVISORY_LIFE: AbiFunction;
  export const MAXIMUM_BATCH: AbiFunction;
  export const MAXIMUM_SERVICES: AbiFunction;
  export const MAXIMUM_STANDING: AbiFunction;
  export const PUBLISHERS: AbiFunction;
  export const advisory: AbiFunction;
  export const advisoryAgainst: AbiFunction;
  export const advisoryCount: AbiFunction;
  export const anyAdvisory: AbiFunction;
  export const approveFirmware: AbiFunction;
  export const barred: AbiFunction;
  export const clear: AbiFunction;
  export const confirmAdvisory: AbiFunction;
  export const council: AbiFunction;
  export const disapproveFirmware: AbiFunction;
  export const intervalMeters: AbiFunction;
  export const isApproved: AbiFunction;
  export const isLeafAt: AbiFunction;
  export const members: AbiFunction;
  export const meter: AbiFunction;
  export const meterAt: AbiFunction;
  export const meterCountAt: AbiFunction;
  export const move: AbiFunction;
  export const publishAdvisory: AbiFunction;
  export const readingDomain: AbiFunction;
  export const recordFirmware: AbiFunction;
  export const register: AbiFunction;
  export const registerMany: AbiFunction;
  export const reportDigest: AbiFunction;
  export const retire: AbiFunction;
  export const servesIn: AbiFunction;
  export const stands: AbiFunction;
  export const transformerAt: AbiFunction;
  export const withdrawAdvisory: AbiFunction;
}

declare module 'virtual:contract/Payments' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const MAXIMUM_BATCH: AbiFunction;
  export const MAXIMUM_STEPS: AbiFunction;
  export const PREPAID_REACH: AbiFunction;
  export const accountOf: AbiFunction;
  export const answerDispute: AbiFunction;
  export const billOf: AbiFunction;
  export const book: AbiFunction;
  export const bookArrears: AbiFunction;
  export const collect: AbiFunction;
  export const council: AbiFunction;
  export const declareEmergency: AbiFunction;
  export const dispute: AbiFunction;
  export const emergencyUntil: AbiFunction;
  export const fund: AbiFunction;
  export const members: AbiFunction;
  export const openAccount: AbiFunction;
  export const pay: AbiFunction;
  export const payFromBalance: AbiFunction;
  export const payeeOf: AbiFunction;
  export const permitted: AbiFunction;
  export const prepaidOf: AbiFunction;
  export const rebook: AbiFunction;
  export const refund: AbiFunction;
  export const renewPrepaid: AbiFunction;
  export const setPayee: AbiFunction;
  export const setPrepaid: AbiFunction;
  export const setProtected: AbiFunction;
  export const setTrip: AbiFunction;
  export const takeOverBilling: AbiFunction;
  export const unfund: AbiFunction;
  export const vault: AbiFunction;
}

declare module 'virtual:contract/Storage' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const MAXIMUM_POSTED: AbiFunction;
  export const MAXIMUM_TURNS: AbiFunction;
  export const admitMarket: AbiFunction;
  export const anchors: AbiFunction;
  export const commit: AbiFunction;
  export const council: AbiFunction;
  export const creditOf: AbiFunction;
  export const decide: AbiFunction;
  export const deliver: AbiFunction;
  export const deposit: AbiFunction;
  export const free: AbiFunction;
  export const isMarket: AbiFunction;
  export const members: AbiFunction;
  export const meterLeft: AbiFunction;
  export const meters: AbiFunction;
  export const openStore: AbiFunction;
  export const outstandingOf: AbiFunction;
  export const spanDomain: AbiFunction;
  export const storeOf: AbiFunction;
  export const tradedOf: AbiFunction;
  export const useOf: AbiFunction;
}

declare module 'virtual:contract/Taxes' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const claim: AbiFunction;
  export const claimableOf: AbiFunction;
  export const council: AbiFunction;
  export const pending: AbiFunction;
  export const shareOut: AbiFunction;
  export const vault: AbiFunction;
}

declare module 'virtual:contract/Vault' {
  import type { AbiFunction } from './proof/abi';
  export const errors: readonly AbiFunction[];
  export const admitModule: AbiFunction;
  export const allowRedemption: AbiFunction;
  export const coin: AbiFunction;
  export const council: AbiFunction;
  export const deposit: AbiFunction;
  export const depositFor: AbiFunction;
  export const depositWithPermit: AbiFunction;
  export const freeOf: AbiFunction;
  export const held: AbiFunction;
  export const isModule: AbiFunction;
  export const isReferenceUsed: AbiFunction;
  export const isSealed: AbiFunction;
  export const issue: AbiFunction;
  export const issueFor: AbiFunction;
  export const issuedTotal: AbiFunction;
  export const lock: AbiFunction;
  export const lockedFor: AbiFunction;
  export const makesCoin: AbiFunction;
  export const mayLock: AbiFunction;
  export const moduleOf: AbiFunction;
  export const pay: AbiFunction;
  export const payTwo: AbiFunction;
  export const redeem: AbiFunction;
  export const redeemableOf: AbiFunction;
  export const redeemedTotal: AbiFunction;
  export const release: AbiFunction;
  export const seal: AbiFunction;
  export const withdraw: AbiFunction;
  export const withdrawTo: AbiFunction;
}
