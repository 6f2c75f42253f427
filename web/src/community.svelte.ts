import { client } from './api/client';
import { Live } from './api/live.svelte';
import type { Community, House, Now } from './api/types';
import { Clock } from './format/time';
import { session } from './session/session.svelte';
import { language } from './text/language.svelte';

/** What every screen needs of the community: its data, its clock, and the live figures. */
class CommunityState {
  info = $state.raw<Community | null>(null);
  error = $state.raw<unknown>(null);
  /** When the node gave what is shown, if that was read from this device's store. */
  storedAt = $state.raw<Date | null>(null);
  readonly live = new Live('/api/v1/live');
  /** Renders instants in the community's zone; in UTC until the zone is known. */
  readonly clock = $derived(new Clock(this.info?.zone ?? 'UTC', language.locale));
  readonly houses = $derived(this.live.houses);
  readonly sums = $derived(this.live.now);
  /** The community's present, whatever this device's clock says: the node's, also while every meter is silent. */
  readonly present = $derived(this.live.now === null ? newest(this.live.houses) : new Date(this.live.now.at));

  /** The node has no community yet: all there is is its set-up. */
  readonly isFresh = $derived(this.info?.setUp === false);

  async load(): Promise<void> {
    this.error = null;
    try {
      const { body, storedAt } = await client.look<Community>('community');
      this.info = body;
      this.storedAt = storedAt;
    } catch (error) {
      this.error = error;
    }
  }

  /** The figures before the stream brings them: at the start, and all that there is offline. */
  async loadFigures(): Promise<void> {
    const own = session.is('Household', 'Guest', 'Auditor', 'Operator', 'Regulator');
    const [now, houses] = await Promise.allSettled([
      client.look<Now>('now'),
      own ? client.look<House[]>('houses') : Promise.reject(new Error('not asked')),
    ]);
    if (now.status === 'fulfilled') {
      this.live.now ??= now.value.body;
      this.storedAt = now.value.storedAt;
    }
    if (houses.status === 'fulfilled') {
      this.live.houses ??= houses.value.body;
      this.storedAt = houses.value.storedAt;
    }
  }
}

function newest(houses: House[] | null): Date | null {
  const seen = (houses ?? []).flatMap((house) => (house.lastSeen === null ? [] : [Date.parse(house.lastSeen)]));
  return seen.length === 0 ? null : new Date(seen.reduce((a, b) => Math.max(a, b)));
}

export const community = new CommunityState();
