/* Names for what the API describes of the screens; see types.ts. */
import type { HistoryDocument } from './schema';

export type { Device, Guest, Page, Telemetry } from './types';
export type {
  AccountDocument as BillAccount,
  AccessRequestRow as AccessRequest,
  AddressDocument as AddressDetail,
  BillDocument as BillDetail,
  BillLineDocument as BillLine,
  BillReadingDocument as BillReading,
  BillRow as Bill,
  ArrearsDocument as Arrears,
  BlockRow as BlockDetail,
  BlockRow as BlockSummary,
  CashBookDocument as CashBook,
  CashRow,
  CouncilDocument as Council,
  DecodedDocument as Decoded,
  HistoryDocument as History,
  HistoryLine as HistoryRow,
  HouseEntry as DirectoryEntry,
  LoadDocument as Load,
  LoadRow,
  LookupDocument as Lookup,
  MemberDocument as Member,
  MeterChangeForm as MeterChange,
  NodeAccountView as NodeAccount,
  ProposalDocument as Proposal,
  RefusedDocument as Quarantined,
  RegisterDocument as Register,
  RuleDocument as Rule,
  SetUpDocument as SetUp,
  TransactionDocument as TransactionDetail,
  TransactionRow as TransactionSummary,
  TreeDocument as AnchorTree,
  TreeNodeDocument as TreeNode,
  ValueDocument as DecodedValue,
} from './schema';

export type Step = HistoryDocument['step'];
