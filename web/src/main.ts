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
void Promise.all([community.load(), session.load()]).then(() => {
  if (!community.isFresh) return community.loadFigures();
  community.live.close();
});
mount(App, { target: document.getElementById('app')! });
installer.listen();
if (import.meta.env.PROD) void registerWorker();
