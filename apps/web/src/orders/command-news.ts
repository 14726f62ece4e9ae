import { createStore } from '../browser/store.js';
import type { Command } from './progress.js';

/** The newest word of any command of the person's, and how many there were. */
export const commandNews = createStore<{ readonly command: Command | null; readonly count: number }>({
  ...{ command: null, count: 0 },
});
