import { client } from '../api/client';
import type { AccountSettings } from '../api/types';
import { applyScheme, currentScheme, type Scheme } from '../scheme';
import { session } from '../session/session.svelte';
import { language, languages, type LanguageId } from '../text/language.svelte';

/** Takes what the account chose on another device. */
export async function takeChosen(): Promise<void> {
  if (!session.signedIn) return;
  const chosen = await client.get<AccountSettings>('account/settings').catch(() => null);
  const { language: id, theme } = chosen ?? {};
  if (id !== undefined && id !== null && Object.hasOwn(languages, id)) await language.choose(id as LanguageId);
  if (theme === 'light' || theme === 'dark' || theme === 'system') applyScheme(theme);
}

/** Keeps what is chosen here with the account, when there is one; the device has it in any case. */
export async function keepChosen(): Promise<void> {
  if (!session.signedIn) return;
  const theme: Scheme = currentScheme();
  await client.put('account/settings', { language: language.id, theme }).catch(() => undefined);
}
