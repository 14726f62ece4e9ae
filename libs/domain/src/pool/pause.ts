import { refusal } from '../vocabulary/errors.js';

/**
 * The contract that holds all pools can be paused: then it opens no pool, takes no deposit and swaps nothing, and gives back
 * liquidity as always.
 * @throws DomainError PAUSED
 */
export function assertNotPaused(paused: boolean): void {
  if (paused) throw refusal('PAUSED', 'Pools, deposits and swaps are paused; liquidity can be taken out');
}
