/*
 * Names for what the node's API describes: `schema.d.ts` is made from docs/openapi.json by `npm run types`, and nothing of
 * it is typed here again. Energies in milliwatt hours and money in wei are decimal strings, powers are watts with import
 * positive, instants ISO 8601 UTC.
 */
import type { ChoicesDocument, PageOfBlockRow, SessionView } from './schema';

export type {
  AccountSettings,
  AccountView as Account,
  AnchorRow as Anchor,
  BlockRow as Block,
  ChoiceForm as NotificationChoice,
  ChoicesDocument as NotificationChoices,
  CommunityDocument as Community,
  DeliveryDocument as Delivery,
  DeviceDocument as Device,
  GuestView as Guest,
  HealthDocument as Health,
  HouseNow as House,
  LiveEvents,
  NonceView as SignInNonce,
  NowDocument as Now,
  PasskeyView as Passkey,
  PowerNow as Sums,
  PremisesView as Premises,
  Problem,
  SessionView as Session,
  TelemetryDocument as Telemetry,
  TestWalletDocument as TestWallet,
  WebhookDocument as AnswerWebhook,
} from './schema';

export type Role = SessionView['roles'][number];
export type Topic = ChoicesDocument['topics'][number]['id'];
export type Channel = ChoicesDocument['channels'][number]['id'];

/** A part of a long list, of whatever rows. */
export type Page<T> = Omit<PageOfBlockRow, 'items'> & { items: T[] };
