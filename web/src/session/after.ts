import { linkTo, route } from '../frame/route.svelte';

/** Where the reader wanted to go before they had to sign in; only a place of this app. */
export function placeAfter(query: URLSearchParams): string {
  const then = query.get('then') ?? '';
  return then.startsWith('#/') && !then.startsWith('#/session') ? then : linkTo('now');
}

export function goOn(): void {
  route.go(placeAfter(route.query));
}
