import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  Account,
  AccountSettings,
  Delivery,
  NotificationChoices,
  Page,
  Passkey,
  Problem,
  Role,
  Session,
} from '../src/api/types';

const told: Page<Delivery> = {
  items: [
    {
      id: `0x${'d1'.repeat(32)}`,
      at: '2026-11-20T18:12:00Z',
      message: 'MeterSilent',
      channel: 'Email',
      state: 'sent',
      attempts: 1,
      next: null,
      detail: null,
    },
  ],
  next: null,
};

/** Sessions, settings and notifications of the made-up community. Nothing is checked: any name, password or signature will do. */
export class FakeAccess {
  private signedIn: Account | null = null;
  private roles: Role[] = ['Anyone'];
  private settings: AccountSettings = {};
  private passkeys: Passkey[] = [
    { id: 'a1', name: 'Phone', created: '2026-11-02T09:00:00Z', lastUsed: '2026-11-20T18:12:00Z' },
  ];
  private choices: NotificationChoices = {
    language: 'en',
    quietHours: { from: '22:00', to: '07:00' },
    off: [{ topic: 'ReadingRefused', channel: 'Email' }],
    offers: { highestPriceWei: '120000000000000', lowestPriceWei: null, leastMwh: '500000', microgrids: [] },
    topics: (
      [
        'MeterSilent',
        'ReadingRefused',
        'AnchorFailed',
        'Membership',
        'RuleChanged',
        'AccessRequest',
        'Advisory',
        'GuestInvited',
        'Supply',
        'Safety',
      ] as const
    ).map((id) => ({ id, critical: id === 'Advisory' || id === 'Safety' })),
    channels: [
      { id: 'Email', available: true, addresses: [{ id: 'e', label: 'asha@example.org', confirmed: true }] },
      { id: 'Push', available: true, addresses: [] },
      { id: 'Webhook', available: false, addresses: [] },
    ],
  };
  private keystore: unknown = null;

  constructor(readonly demo: boolean) {}

  /** Whether the caller sees every house. */
  get seesAll(): boolean {
    return this.demo || this.roles.includes('Operator');
  }

  /** The caller's own address, or nobody's. */
  get address(): `0x${string}` {
    return (this.signedIn?.address ?? `0x${'0'.repeat(40)}`) as `0x${string}`;
  }

  get household(): boolean {
    return this.roles.includes('Household');
  }

  handle(request: IncomingMessage, response: ServerResponse, parts: string[], body: Record<string, unknown>): boolean {
    const at = `${request.method} ${parts.slice(2).join('/')}`;
    const send = (answer: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(status === 204 ? undefined : JSON.stringify(answer));
      return true;
    };
    const refuse = (status: number, code: Problem['code']) =>
      send(
        { type: `urn:busbar:problem:${code}`, title: code, status, code, detail: `refused: ${code}` } satisfies Problem,
        status,
      );
    switch (at) {
      case 'GET session':
        return send(this.session());
      case 'POST session/nonce':
        return send({
          nonce: '0123456789abcdef0123456789abcdef',
          domain: request.headers.host,
          uri: `http://${request.headers.host}/`,
          chainId: 31337,
          issuedAt: new Date().toISOString(),
          expirationTime: new Date(Date.now() + 300_000).toISOString(),
          statement: 'Sign in to Busbar. This moves no money and changes nothing on the ledger.',
          version: '1',
        });
      case 'POST session/wallet':
        return send(this.enter(/0x[0-9a-fA-F]{40}/.exec(String(body['message']))?.[0] ?? '', 'wallet', ['Regulator']));
      case 'POST session/password':
        if (body['password'] === 'wrong password') return refuse(401, 'WrongNameOrPassword');
        return send(
          this.enter(String(body['name']), 'password', body['name'] === 'operator' ? ['Operator'] : ['Household']),
        );
      case 'POST accounts':
        this.keystore = body['keystore'] ?? null;
        return send(this.enter(String(body['name']), 'password', ['Guest'], body['address'] ?? null));
      case 'DELETE session':
      case 'DELETE sessions':
        this.signedIn = null;
        this.roles = ['Anyone'];
        return send(null, 204);
    }
    if (this.signedIn === null && /^(account|notifications)/.test(parts[2] ?? '')) return refuse(401, 'SignInFirst');
    switch (at) {
      case 'GET account/settings':
        return send(this.settings);
      case 'PUT account/settings':
        return send((this.settings = body as AccountSettings));
      case 'GET account/keystore':
        return this.keystore === null ? refuse(404, 'NoKeystore') : send(this.keystore);
      case 'PUT account/keystore':
        this.keystore = body['keystore'];
        Object.assign(this.signedIn ?? {}, { address: body['address'], hasKeystore: true });
        return send(this.signedIn);
      case 'GET account/passkeys':
        return send({ items: this.passkeys, next: null });
      case 'PUT account/password':
        return body['current'] === 'wrong password' ? refuse(403, 'WrongPassword') : send(this.session());
      case 'GET notifications/choices':
        return send(this.choices);
      case 'PUT notifications/choices':
        Object.assign(this.choices, body);
        return send(null, 204);
      case 'GET notifications/deliveries':
        return send(told);
      case 'POST notifications/test':
        return send(null, 204);
    }
    return false;
  }

  private session(): Session {
    return {
      signedIn: this.signedIn !== null,
      account: this.signedIn,
      roles: this.roles,
      premises: this.household
        ? [{ id: `0x${'07'.repeat(32)}`, name: 'House 7', meters: [], held: true, canSwitch: true }]
        : [],
      csrf: this.signedIn === null ? '' : 'token',
      expires: this.signedIn === null ? null : new Date(Date.now() + 12 * 3_600_000).toISOString(),
      demo: this.demo,
    };
  }

  private enter(name: string, kind: Account['kind'], roles: Role[], address: unknown = null): Session {
    const own = kind === 'wallet' ? name : (address as string | null);
    this.signedIn = { id: name, name, address: own, kind, hasKeystore: this.keystore !== null };
    this.roles = ['Anyone', 'Account', ...roles];
    return this.session();
  }
}
