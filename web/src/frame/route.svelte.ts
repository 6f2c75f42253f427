import { screens, type Screen } from './screens';

export interface Place {
  screen: Screen;
  path: string[];
  query: URLSearchParams;
}

type Part = string | number | bigint;

/**
 * `#/verify/0xab/1700000000?version=2` is the screen `verify` with the path `0xab`, `1700000000` and a query. The place is kept
 * in the fragment: any server can serve it, it works offline, and no place that is read is told to the node.
 */
export function parseRoute(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const [id, ...parts] = path.split('/');
  return {
    screen: screens.find((screen) => screen.id === id) ?? screens[0]!,
    path: parts.map(decode),
    query: new URLSearchParams(query),
  };
}

export function linkTo(screen: Screen['id'], ...path: Part[]): string {
  return `#/${[screen, ...path.map((part) => encodeURIComponent(part.toString()))].join('/')}`;
}

/** As `linkTo`, with a query of the values that are given. */
export function linkWith(screen: Screen['id'], path: Part[], query: Record<string, Part | undefined | null>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return linkTo(screen, ...path) + (text === '' ? '' : `?${text}`);
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

  get query(): URLSearchParams {
    return this.parsed.query;
  }

  /** The place as a fragment, to come back to. */
  get here(): string {
    return this.hash;
  }

  go(link: string): void {
    location.hash = link;
    this.hash = location.hash;
  }

  /** Another place without a step in the history: for what the reader does not think of as going somewhere. */
  replace(link: string): void {
    history.replaceState(history.state, '', link);
    this.hash = location.hash;
  }
}

export const route = new Route();
