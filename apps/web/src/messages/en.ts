import { acts } from './en/acts.js';
import { frame } from './en/frame.js';
import { market } from './en/market.js';

/** Every text of the market, in English: what other catalogues have to have. */
export const en = { ...frame, ...market, ...acts };

export type Words = typeof en;
