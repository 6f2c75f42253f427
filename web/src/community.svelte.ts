import { api } from './api/client';
import { Live } from './api/live.svelte';
import type { Community, House } from './api/types';
import { Clock } from './format/time';
import { language } from './text/language.svelte';

/** What every screen needs of the community: its data, its clock, and the live figures. */
class CommunityState {
  info = $state.raw<Community | null>(null);
  error = $state.raw<unknown>(null);
  readonly live = new Live('/api/v1/live');
  /** Renders instants in the community's zone; in UTC until the zone is known. */
  readonly clock = $derived(new Clock(this.info?.zone ?? 'UTC', language.locale));
  readonly houses = $derived(this.live.houses);
  /** The newest instant at which any meter was seen: the community's present, whatever this device's clock says. */
  readonly present = $derived(newest(this.live.houses));

  async load(): Promise<void> {
    this.error = null;
    try {
      const [info, houses] = await Promise.all([api.community(), api.houses()]);
      this.info = info;
      this.live.houses ??= houses;
    } catch (error) {
      this.error = error;
    }
  }
}

function newest(houses: House[] | null): Date | null {
  const seen = (houses ?? []).flatMap((house) => (house.lastSeen === null ? [] : [Date.parse(house.lastSeen)]));
  return seen.length === 0 ? null : new Date(seen.reduce((a, b) => Math.max(a, b)));
}

export const community = new CommunityState();
