const storageKey = 'busbar.paying';

/** The channels that this tab pays for, which a reload of it goes on with. Another tab does not, and a closed one is forgotten. */
export function rememberedHere(): string[] {
  return (sessionStorage.getItem(storageKey) ?? '').split(' ').filter((id) => id !== '');
}

export function rememberHere(ids: readonly string[]): void {
  if (ids.length === 0) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, ids.join(' '));
}

/** Goes on paying after a reload; what does so is loaded only then. */
export async function resumePaying(): Promise<void> {
  if (rememberedHere().length > 0) await (await import('./payments.svelte')).payments.resume();
}
