import { type HoldingView, listHoldings } from '../holdings/queries.js';
import { listPositions, type PositionView } from '../positions/queries.js';
import type { ReadModel } from '../read-model/database.js';
import type { At } from '../read-model/past-state.js';
import { PAGE_SIZE_MAX } from '../read-model/page.js';

export interface Portfolio {
  readonly chainId: number;
  readonly address: string;
  /** By token address; the first PAGE_SIZE_MAX of them, more through `listHoldings` from `holdingsCursor`. */
  readonly holdings: readonly HoldingView[];
  readonly holdingsCursor: string | null;
  /** Open ones by pool; the first PAGE_SIZE_MAX of them, more through `listPositions` from `positionsCursor`. */
  readonly positions: readonly PositionView[];
  readonly positionsCursor: string | null;
}

/** What an address holds and provides. Cursors are null where nothing more is there. */
export async function portfolio(
  db: ReadModel,
  input: { chainId: number; address: string; at?: At | null | undefined },
): Promise<Portfolio> {
  const { address, at, chainId } = input;
  const page = { first: PAGE_SIZE_MAX };
  const [held, provided] = await Promise.all([
    listHoldings(db, { chainId, holder: address, page, at }),
    listPositions(db, { chainId, filter: { owner: address }, page, at }),
  ]);
  return {
    chainId,
    address,
    holdings: held.edges.map((edge) => edge.node),
    holdingsCursor: held.pageInfo.hasNextPage ? held.pageInfo.endCursor : null,
    positions: provided.edges.map((edge) => edge.node),
    positionsCursor: provided.pageInfo.hasNextPage ? provided.pageInfo.endCursor : null,
  };
}
