import { acts } from './de/acts.js';
import { frame } from './de/frame.js';
import { market } from './de/market.js';
import { people } from './de/people.js';
import type { Words } from './en.js';

/** Every text of the market, in German. */
export const de: Words = { ...frame, ...market, ...acts, ...people };
