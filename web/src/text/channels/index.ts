import type { LanguageId } from '../language.svelte';
import { en, type Text } from './en';
import { hi } from './hi';

export type { Text };
export const channelsText: Record<LanguageId, Text> = { en, hi };
