import { AblandError } from '@abland/kernel';

/** The provider's chain is not the one whose final blocks are in the log: what the log says does not hold there. */
export class ChainNotOfLogError extends AblandError {
  readonly code = 'CHAIN_NOT_OF_LOG';
}
