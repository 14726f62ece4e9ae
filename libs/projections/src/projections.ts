import { allowancesProjection } from './allowances/projection.js';
import { candlesProjection } from './candles/projection.js';
import { chainHeadProjection } from './chain-head/projection.js';
import { driftProjection } from './drift/projection.js';
import { UnknownProjectionError } from './engine/errors.js';
import type { Projection } from './engine/projection.js';
import { foreignTokensProjection } from './foreign-tokens/projection.js';
import { forwarderProjection } from './forwarder/projection.js';
import { governanceProjection } from './governance/projection.js';
import { holdingsProjection } from './holdings/projection.js';
import { marketsProjection } from './markets/projection.js';
import { operationsProjection } from './operations/projection.js';
import { parkedProjection } from './parked/projection.js';
import { platformProjection } from './platform/projection.js';
import { poolsProjection } from './pools/projection.js';
import { positionsProjection } from './positions/projection.js';
import { requestsProjection } from './requests/projection.js';
import { swapsProjection } from './swaps/projection.js';
import { tokensProjection } from './tokens/projection.js';
import { transactionsProjection } from './transactions/projection.js';
import { usersProjection } from './users/projection.js';

/** Every read model of the product. */
export const PROJECTIONS: readonly Projection[] = [
  allowancesProjection,
  candlesProjection,
  chainHeadProjection,
  driftProjection,
  foreignTokensProjection,
  forwarderProjection,
  governanceProjection,
  holdingsProjection,
  marketsProjection,
  operationsProjection,
  parkedProjection,
  platformProjection,
  poolsProjection,
  positionsProjection,
  requestsProjection,
  swapsProjection,
  tokensProjection,
  transactionsProjection,
  usersProjection,
];

/** @throws UnknownProjectionError */
export function projectionNamed(name: string): Projection {
  const found = PROJECTIONS.find((projection) => projection.name === name);
  if (found !== undefined) return found;
  const known = PROJECTIONS.map((projection) => projection.name);
  throw new UnknownProjectionError(`There is no projection ${name.slice(0, 100)}`, {
    projection: name,
    known,
  });
}

/** Names of the read models, each rebuilt by itself. */
export const PROJECTION_NAMES: readonly string[] = PROJECTIONS.map(({ name }) => name);
