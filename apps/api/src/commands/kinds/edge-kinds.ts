import type { RequestKindName } from '@abland/domain';
import { addLiquidity } from './add-liquidity.js';
import { createPool } from './create-pool.js';
import { createToken } from './create-token.js';
import { deactivateToken } from './deactivate-token.js';
import type { AnyEdgeKind, KindPorts } from './kind.js';
import { removeLiquidity } from './remove-liquidity.js';
import { swap } from './swap.js';

export type EdgeKinds = Readonly<Record<RequestKindName, AnyEdgeKind>>;

/** Token of injection of the EdgeKinds. */
export const EDGE_KINDS = Symbol('EdgeKinds');

/** Everything that a person can ask of a chain, at the edge. */
export const edgeKinds = (ports: KindPorts): EdgeKinds => ({
  CREATE_TOKEN: createToken(ports),
  DEACTIVATE_TOKEN: deactivateToken(),
  CREATE_POOL: createPool(ports),
  ADD_LIQUIDITY: addLiquidity(ports),
  REMOVE_LIQUIDITY: removeLiquidity(ports),
  SWAP: swap(ports),
});
