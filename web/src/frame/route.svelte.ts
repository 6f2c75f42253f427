import { screens, type Screen } from './screens';

/** `#/verify/0xab/1700000000` is the screen `verify` with the path `0xab`, `1700000000`. */
export function parseRoute(hash: string): { screen: Screen; path: string[] } {
  const [id, ...path] = hash.replace(/^#?\/?/, '').split('/');
  return { screen: screens.find((screen) => screen.id === id) ?? screens[0]!, path: path.map(decode) };
}

export function linkTo(screen: Screen['id'], ...path: (string | number | bigint)[]): string {
  return `#/${[screen, ...path.map((part) => encodeURIComponent(part.toString()))].join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

class Route {
  private hash = $state(location.hash);
  private readonly parsed = $derived(parseRoute(this.hash));

  constructor() {
    addEventListener('hashchange', () => (this.hash = location.hash));
  }

  get screen(): Screen {
    return this.parsed.screen;
  }

  get path(): string[] {
    return this.parsed.path;
  }
}

export const route = new Route();
