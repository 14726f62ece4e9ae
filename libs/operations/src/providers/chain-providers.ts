import { type ProviderStatus, readToldProviders } from '@abland/chain';
import type { Clock } from '@abland/kernel';
import { readDetails, type ToldDetail } from '@abland/postgres';
import type { Pool } from 'pg';

/** As its indexer tells it; STALE: no indexer that runs does. */
export type ToldProviderState = ProviderStatus['state'] | 'STALE';

export interface Count {
  readonly name: string;
  readonly count: number;
}

/** A provider of a chain, as the chain's indexer told it last. Ages in seconds, counts since that indexer's start. */
export interface ChainProviderView {
  readonly chainId: number;
  /** In the order of preference; from 1. */
  readonly place: number;
  /** Without what may be a key. */
  readonly url: string;
  readonly transport: ProviderStatus['transport'];
  readonly state: ToldProviderState;
  /** Since the indexer told it, or told that it still holds. */
  readonly toldSeconds: number;
  /** Milliseconds. */
  readonly latencyMs: number | null;
  readonly answerSeconds: number | null;
  readonly headBlock: number | null;
  readonly lastFault: { readonly code: string; readonly message: string; readonly at: string } | null;
  readonly requests: number;
  readonly faults: readonly Count[];
  readonly discrepancies: readonly Count[];
  readonly rangeMax: number | null;
  readonly batchMax: number | null;
  readonly lacks: readonly string[];
  /** Before it, it is asked only where nobody else is left; null: it is asked. */
  readonly nextRequestAt: string | null;
}

const PREFIX = 'indexer-';

/**
 * The providers of chains as their indexers told them; of a chain that no indexer ever followed, none.
 * @param chainIds absent: of all that were ever followed
 */
export async function listChainProviders(
  { clock, pool }: { readonly clock: Clock; readonly pool: Pool },
  chainIds?: readonly number[],
): Promise<readonly ChainProviderView[]> {
  const details = await readDetails(pool, chainIds?.map((id) => `${PREFIX}${id}`) ?? { prefix: PREFIX });
  const ids = chainIds ?? [...details.keys()].map((part) => Number(part.slice(PREFIX.length)));
  return ids.flatMap((chainId) => {
    const told = details.get(`${PREFIX}${chainId}`);
    return told === undefined ? [] : providersOf(chainId, told, clock());
  });
}

function providersOf(chainId: number, told: ToldDetail, now: number): readonly ChainProviderView[] {
  const toldSeconds = seconds(told.heldAgeMs);
  return readToldProviders(told.detail, told.writtenAgeMs).map((provider, index) => {
    const {
      asideMs,
      answerAgeMs,
      batchMax,
      lacks,
      latencyMs,
      lastFault,
      rangeMax,
      requests,
      transport,
      url,
    } = provider;
    const state = told.holds ? provider.state : 'STALE';
    return {
      ...{ chainId, place: index + 1, url, transport, state, toldSeconds },
      latencyMs: latencyMs === null ? null : Math.round(latencyMs * 10) / 10,
      answerSeconds: answerAgeMs === null ? null : seconds(answerAgeMs),
      headBlock: provider.head,
      lastFault: lastFault === null ? null : { ...lastFault, at: timeOf(now - lastFault.ageMs) },
      ...{ requests, rangeMax, batchMax, lacks },
      faults: countsOf(provider.faults),
      discrepancies: countsOf(provider.discrepancies),
      nextRequestAt: asideMs > 0 ? timeOf(now + asideMs) : null,
    };
  });
}

const seconds = (ms: number): number => Math.round(ms) / 1000;
const timeOf = (ms: number): string => new Date(Math.round(ms)).toISOString();
const countsOf = (counts: Readonly<Record<string, number>>): readonly Count[] =>
  Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
