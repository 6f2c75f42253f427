import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import { community } from './community.svelte';
import { applyScheme, currentScheme } from './scheme';
import { language } from './text/language.svelte';

applyScheme(currentScheme());
await language.restore();
community.live.open();
void community.load();
mount(App, { target: document.getElementById('app')! });
