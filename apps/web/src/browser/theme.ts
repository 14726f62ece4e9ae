import { keptHere } from './kept.js';
import { createStore } from './store.js';

export type Theme = 'system' | 'dark' | 'light';
const KEY = 'abland.theme';

const kept = keptHere.get(KEY);
export const theme = createStore<Theme>(kept === 'dark' || kept === 'light' ? kept : 'system');

const show = (): void => {
  const now = theme.get();
  if (now === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = now;
};
show();
theme.subscribe(() => {
  keptHere.set(KEY, theme.get());
  show();
});

export const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'dark', dark: 'light', light: 'system' };
