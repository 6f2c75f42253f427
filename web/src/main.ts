import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import { community } from './community.svelte';
import { applyScheme, currentScheme } from './scheme';
import { session } from './session/session.svelte';
import { takeChosen } from './settings/chosen';
import { language } from './text/language.svelte';
import { installer } from './worker/install.svelte';
import { dropSubscription } from './worker/push';
import { forgetData, registerWorker } from './worker/register';

applyScheme(currentScheme());
await language.restore();
// Another account sees other things: the figures of the one before are dropped before those of the next are asked for.
session.onChange(async () => {
  await Promise.allSettled([forgetData(), dropSubscription()]);
  community.live.restart();
  await Promise.all([community.loadFigures(), takeChosen()]);
});
community.live.listen({ session: () => void session.load() });
addEventListener('online', () => community.live.open());
community.live.open();
// The stream brings the figures first. They are asked for behind it: to be there when it does not come, and for the device's store.
const patience = new Promise((resolve) => setTimeout(resolve, 2_000));
void Promise.all([community.load(), session.load()])
  .then(async () => {
    if (community.isFresh) return community.live.close();
    await Promise.race([community.live.begun, patience]);
    await community.loadFigures();
  })
  // Loads the whole app for later, when nobody waits for the line any more.
  .finally(() => (import.meta.env.PROD ? registerWorker() : undefined));
mount(App, { target: document.getElementById('app')! });
installer.listen();
