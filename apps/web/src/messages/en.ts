import { acts } from './en/acts.js';
import { frame } from './en/frame.js';
import { market } from './en/market.js';
import { people } from './en/people.js';

/** Every text of the market, in English: what other catalogues have to have. */
export const en = { ...frame, ...market, ...acts, ...people };

export type Words = typeof en;
