import { parkedAbout } from '@abland/projections';
import DataLoader from 'dataloader';
import type pg from 'pg';
import type { InSlot } from '../reading/read-slots.js';

export const PARKED_ABOUT = {
  description:
    'A fact about it was left out for the rest to go on, and waits for an operator: what is told of it may lack that.',
};

interface Asked {
  readonly chainId: number;
  readonly addressOrId: string;
}

/** Tokens and pools about which a read model or ingestion left something out. */
export class ParkedMarket {
  private readonly loaders = new WeakMap<object, DataLoader<Asked, boolean, string>>();

  /** @param inSlot anybody may ask, and what only some may needs connections too */
  constructor(
    private readonly pool: pg.Pool,
    private readonly inSlot: InSlot,
  ) {}

  /** @param request those of one are asked for together */
  isParked(request: object, asked: Asked): Promise<boolean> {
    const loader =
      this.loaders.get(request) ??
      new DataLoader((all: readonly Asked[]) => this.read(all), {
        cacheKeyFn: ({ addressOrId, chainId }) => `${chainId}:${addressOrId}`,
      });
    this.loaders.set(request, loader);
    return loader.load(asked);
  }

  private async read(all: readonly Asked[]): Promise<readonly boolean[]> {
    const ofChains = Map.groupBy(all, ({ chainId }) => chainId);
    const found = await Promise.all(
      [...ofChains].map(async ([chainId, ofChain]) => {
        const names = ofChain.map(({ addressOrId }) => addressOrId);
        return [chainId, await this.inSlot(() => parkedAbout(this.pool, chainId, names))] as const;
      }),
    );
    const parked = new Map(found);
    return all.map(({ addressOrId, chainId }) => parked.get(chainId)?.has(addressOrId) === true);
  }
}
