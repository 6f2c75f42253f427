import { beforeAll, describe, expect, it, vi } from 'vitest';

type Routes = typeof import('../../src/frame/route.svelte');
let routes: Routes;

beforeAll(async () => {
  vi.stubGlobal('location', { hash: '' });
  vi.stubGlobal('addEventListener', () => {});
  routes = await import('../../src/frame/route.svelte');
});

describe('place', () => {
  it('is a screen, a path and a query', () => {
    const { screen, path, query } = routes.parseRoute('#/verify/0xab/1700000000?version=2&a=b?c');
    expect([screen.id, path, query.get('version'), query.get('a')]).toEqual([
      'verify',
      ['0xab', '1700000000'],
      '2',
      'b?c',
    ]);
  });

  it.each(['', '#', '#/', '#/nowhere', '#nowhere/x', '#/__proto__', '#/%'])('of “%s” is the start', (hash) => {
    expect(routes.parseRoute(hash).screen.id).toBe('now');
  });

  it('bears a path that is not well formed', () => {
    expect(routes.parseRoute('#/verify/%E0%A4%A').path).toEqual(['%E0%A4%A']);
  });

  it('goes there and back', () => {
    const link = routes.linkWith('session', ['a/b', 7n], {
      then: '#/history/0x1?step=day',
      none: undefined,
      empty: '',
    });
    const { screen, path, query } = routes.parseRoute(link);
    expect([screen.id, path, [...query]]).toEqual(['session', ['a/b', '7'], [['then', '#/history/0x1?step=day']]]);
  });
});

describe('screens', () => {
  it('are all there, in the order of the navigation', async () => {
    const { screens } = await import('../../src/frame/screens');
    expect(screens.map((screen) => screen.id)).toEqual([
      'now',
      'history',
      'bills',
      'market',
      'ledger',
      'verify',
      'money',
      'devices',
      'community',
      'load',
      'guests',
      'setup',
      'settings',
      'session',
    ]);
  });
});
