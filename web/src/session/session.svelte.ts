import { client } from '../api/client';
import type { Account, Premises, Role, Session } from '../api/types';

/** Called when another account (or nobody) is signed in than the last time on this device. */
type Changed = () => void | Promise<void>;

const storageKey = 'busbar.account';
/** Whose data this device may still hold: a session may also end while the app is closed. */
const rememberedAccount = () => localStorage.getItem(storageKey) ?? '';
const rememberAccount = (id: string) =>
  id === '' ? localStorage.removeItem(storageKey) : localStorage.setItem(storageKey, id);

/** Who is signed in, and what they are. The node decides what they may see; this only spares them screens that would be empty. */
class SessionState {
  info = $state.raw<Session | null>(null);
  error = $state.raw<unknown>(null);
  /** The session ended without the reader's doing; said once. */
  ended = $state(false);
  /** When the node last said so, for a session that is read from this device's store. */
  storedAt = $state.raw<Date | null>(null);
  readonly account = $derived<Account | null>(this.info?.account ?? null);
  readonly signedIn = $derived(this.info?.signedIn ?? false);
  readonly premises = $derived<Premises[]>(this.info?.premises ?? []);
  readonly roles = $derived(new Set((this.info?.roles ?? []).map((role) => role.toLowerCase())));
  private readonly listeners = new Set<Changed>();
  private asking = false;

  /** Whether the caller has one of these roles. In a demonstration everybody sees what an auditor sees. */
  is(...roles: readonly Role[]): boolean {
    return roles.some(
      (role) =>
        role === 'Anyone' ||
        (role === 'Auditor' && this.info?.demo === true) ||
        (role === 'Account' && this.signedIn) ||
        this.roles.has(role.toLowerCase()),
    );
  }

  async load(): Promise<void> {
    this.error = null;
    try {
      const { body, storedAt } = await client.look<Session>('session');
      this.storedAt = storedAt;
      await this.take(body);
    } catch (error) {
      this.error = error;
    }
  }

  /** Takes the session that an answer of the node holds. */
  async take(next: Session): Promise<void> {
    const before = this.info;
    if (this.storedAt === null || next.csrf !== '') client.csrf = next.csrf;
    const known = before === null ? rememberedAccount() : (before.account?.id ?? '');
    const changed = known !== (next.account?.id ?? '');
    rememberAccount(next.account?.id ?? '');
    this.info = next;
    if (next.signedIn) this.ended = false;
    if (!changed) return;
    client.forget();
    for (const listener of this.listeners) await listener();
  }

  /** Signs out here, or everywhere. */
  async end(everywhere = false): Promise<void> {
    await client.delete(everywhere ? 'sessions' : 'session');
    client.forget();
    await this.load();
    if (this.error !== null && this.info !== null) {
      await this.take({ ...this.info, signedIn: false, account: null, roles: [], premises: [], expires: null });
    }
  }

  onChange(listener: Changed): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The node refused: learns whether the session is over, or only its token another. Gives whether trying again makes sense. */
  async refused(code: string, status: number): Promise<boolean> {
    const csrf = /csrf/i.test(code);
    if (this.asking) return false;
    if (!csrf && !(status === 401 && this.signedIn)) return false;
    const before = { token: client.csrf, signedIn: this.signedIn };
    this.asking = true;
    try {
      await this.take(await client.get<Session>('session'));
    } catch {
      return false;
    } finally {
      this.asking = false;
    }
    if (before.signedIn && !this.signedIn) this.ended = true;
    return csrf && client.csrf !== before.token && before.signedIn === this.signedIn;
  }
}

export const session = new SessionState();
client.refused = (code, status) => session.refused(code, status);
