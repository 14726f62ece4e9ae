import { candlesProjection } from './candles/projection.js';
import { chainHeadProjection } from './chain-head/projection.js';
import { commandsProjection } from './commands/projection.js';
import type { Projection } from './engine/projection.js';
import { feesProjection } from './fees/projection.js';
import { forwarderProjection } from './forwarder/projection.js';
import { governanceProjection } from './governance/projection.js';
import { holdingsProjection } from './holdings/projection.js';
import { ordersProjection } from './orders/projection.js';
import { poolsProjection } from './pools/projection.js';
import { positionsProjection } from './positions/projection.js';
import { swapsProjection } from './swaps/projection.js';
import { tokensProjection } from './tokens/projection.js';
import { transactionsProjection } from './transactions/projection.js';
import { usersProjection } from './users/projection.js';

/** Every read model of the product. */
export const PROJECTIONS: readonly Projection[] = [
  candlesProjection,
  chainHeadProjection,
  commandsProjection,
  feesProjection,
  forwarderProjection,
  governanceProjection,
  holdingsProjection,
  ordersProjection,
  poolsProjection,
  positionsProjection,
  swapsProjection,
  tokensProjection,
  transactionsProjection,
  usersProjection,
];
