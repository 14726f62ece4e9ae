import type { RecordedEvent } from '@abland/kernel';
import { chainIdOf } from './chain-facts.js';

/** Fields of facts that name a token or a pool; of a transfer the contract is the token. */
const NAMING = ['poolId', 'tokenAddress', 'token', 'tokenA', 'tokenB', 'tokenIn', 'tokenOut', 'contract'];
/** An address, or the id of a pool. */
const NAME = /^0x(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** A token or a pool of a chain, as what is parked names it. */
export const concern = (chainId: number, addressOrId: string): string =>
  `${chainId}:${addressOrId.toLowerCase()}`;

/** Tokens and pools that an event tells of, however little of it can be understood; none where it is no chain's. */
export function concernsOf(event: Pick<RecordedEvent, 'data' | 'stream'>): readonly string[] {
  const chainId = chainIdOrNull(event);
  if (chainId === null) return [];
  const names = NAMING.flatMap((field) => {
    const value = (event.data as Readonly<Record<string, unknown>> | null)?.[field];
    return typeof value === 'string' && NAME.test(value.toLowerCase()) ? [concern(chainId, value)] : [];
  });
  return [...new Set(names)];
}

function chainIdOrNull(event: Pick<RecordedEvent, 'stream'>): number | null {
  try {
    return chainIdOf(event);
  } catch {
    return null;
  }
}
