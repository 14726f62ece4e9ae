import { keptHere } from '../browser/kept.js';
import { createStore, useStore } from '../browser/store.js';
import { type NumberWords, numberWords } from '../format/amounts.js';
import { en, type Words } from './en.js';

/** Languages with a catalogue, by their tags; what is written from right to left is told, so that the page turns with it. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
} as const satisfies Record<string, { readonly name: string; readonly direction: 'ltr' | 'rtl' }>;
export type Language = keyof typeof LANGUAGES;

const KEY = 'abland.language';
const LOADED: Record<Language, () => Promise<Words>> = {
  en: () => Promise.resolve(en),
  de: () => import('./de.js').then(({ de }) => de),
};

interface Spoken {
  readonly language: Language;
  readonly words: Words;
  readonly numbers: NumberWords;
}

const spoken = createStore<Spoken>({ language: 'en', words: en, numbers: numberWords('en') });

const isLanguage = (tag: string | null): tag is Language => tag !== null && Object.hasOwn(LANGUAGES, tag);

/** The one that was chosen here, else the first of the browser's that there is. */
export function firstLanguage(chosen: string | null, browsers: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  return browsers.map((tag) => tag.split('-')[0] ?? '').find(isLanguage) ?? 'en';
}

/** Shows the page in a language once its catalogue is there; where that cannot be loaded it stays as it is. */
export async function speak(language: Language): Promise<void> {
  const words = await LOADED[language]().catch(() => null);
  if (words === null) return;
  document.documentElement.lang = language;
  document.documentElement.dir = LANGUAGES[language].direction;
  spoken.set({ language, words, numbers: numberWords(regional(language)) });
}

export function choose(language: Language): Promise<void> {
  keptHere.set(KEY, language);
  return speak(language);
}

export const speakFirst = (): Promise<void> => speak(firstLanguage(keptHere.get(KEY), navigator.languages));

/** The browser's own way of writing numbers, where it is of the language. */
const regional = (language: Language): string =>
  navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;

export const useLanguage = (): Language => useStore(spoken).language;
/** The texts of the page. */
export const useWords = (): Words => useStore(spoken).words;
/** Numbers as the language writes them. */
export const useNumbers = (): NumberWords => useStore(spoken).numbers;
