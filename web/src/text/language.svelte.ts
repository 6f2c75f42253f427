import { en, type Text } from './en';

export const languages = { en: 'English', hi: 'हिन्दी' } as const;
export type LanguageId = keyof typeof languages;

/** For dates and numbers: the clock has 24 hours in every language. */
const locales: Record<LanguageId, string> = { en: 'en-GB', hi: 'hi-IN' };
const storageKey = 'busbar.language';

/** The words of one screen in every language, kept beside the screen: `bilingual({ en: {…}, hi: {…} })` in its `text.ts`. */
export type Bilingual<T> = Record<LanguageId, T>;

/** Holds Hindi to the shape of English: a missing word does not compile. */
export function bilingual<T>(texts: { en: T; hi: NoInfer<T> }): Bilingual<T> {
  return texts;
}

class Language {
  id = $state<LanguageId>('en');
  text = $state.raw<Text>(en);

  get locale(): string {
    return locales[this.id];
  }

  /** A screen's own words: `const text = $derived(language.of(texts))`. */
  of<T>(texts: Bilingual<T>): T {
    return texts[this.id];
  }

  /** Changes the language and remembers it on this device. */
  async choose(id: LanguageId): Promise<void> {
    this.text = id === 'hi' ? (await import('./hi')).hi : en;
    this.id = id;
    document.documentElement.lang = id;
    localStorage.setItem(storageKey, id);
  }

  /** Takes the remembered language, else the first of the browser's that there is. */
  async restore(): Promise<void> {
    const wanted = [
      localStorage.getItem(storageKey) ?? '',
      ...navigator.languages.map((tag) => tag.split('-')[0] ?? ''),
    ];
    const id = wanted.find((tag): tag is LanguageId => Object.hasOwn(languages, tag));
    if (id !== undefined && id !== this.id) await this.choose(id);
  }
}

export const language = new Language();
