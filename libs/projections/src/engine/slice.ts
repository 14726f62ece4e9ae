/**
 * Milliseconds of the processor after which folding and storing let others of the program have their turn: leases are renewed meanwhile, and
 * what is live is followed, a dozen turns an event, while others are read in beside it.
 */
export const SLICE_MS = 3;
