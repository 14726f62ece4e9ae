import type { Position } from '@abland/kernel';
import { chainHead, type ChainHead, projectionStatus } from '@abland/projections';
import type { ApiServices } from '../server/services.js';

/** How far the answers are, measured against the log and the chain. */
export interface Progress {
  /** What the slowest read model has handled; null before the first event. */
  readonly position: Position | null;
  readonly logHead: Position | null;
  /** Age of the oldest event that a read model has not seen; 0 where they have seen all. */
  readonly lagSeconds: number;
  readonly chain: ChainHead;
  /** The newest block that the indexer has seen; null where it has seen none or says nothing. */
  readonly chainHead: number | null;
  readonly lagBlocks: number | null;
}

export async function readProgress(api: ApiServices): Promise<Progress> {
  const [logHead, chain, newest] = await Promise.all([
    api.store.head(),
    chainHead(api.readModel, api.config.chain.chainId),
    api.chainHead(),
  ]);
  const position = await slowestPosition(api, logHead);
  return {
    position,
    logHead,
    lagSeconds: await lagSeconds(api, position, logHead),
    chain,
    chainHead: newest,
    lagBlocks: newest === null ? null : Math.max(0, newest - (chain.number ?? -1)),
  };
}

async function slowestPosition(api: ApiServices, logHead: Position | null): Promise<Position | null> {
  const live = (await projectionStatus(api.readPool, logHead)).filter(({ target }) => target === 'live');
  return live.reduce<Position | null>(
    (least, { checkpoint }, index) =>
      index === 0 || (checkpoint ?? 0n) < (least ?? 0n) ? checkpoint : least,
    null,
  );
}

async function lagSeconds(
  api: ApiServices,
  position: Position | null,
  logHead: Position | null,
): Promise<number> {
  if (logHead === null || (position !== null && position >= logHead)) return 0;
  const after = position === null ? {} : { after: position };
  for await (const page of api.store.readAll({ ...after, maxCount: 1 })) {
    const oldest = page[0];
    if (oldest !== undefined) return Math.max(0, (api.clock() - Date.parse(oldest.recordedAt)) / 1000);
  }
  return 0;
}
