import { Slices } from '@abland/kernel';
import type { Precedence } from './precedence.js';

/**
 * Milliseconds of the processor after which folding and storing let others of the program have their turn: leases are renewed meanwhile, and
 * what is live is followed, a dozen turns an event, while others are read in beside it.
 */
const SLICE_MS = 3;

/** @param precedence of what these slices are not urgent beside; absent: they take turns with others */
export const sliced = (precedence?: Precedence): Slices =>
  precedence === undefined ? new Slices(SLICE_MS) : new Slices(SLICE_MS, () => precedence.giveWay());
