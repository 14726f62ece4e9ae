import { ABCheckpoint__factory } from './generated/factories/ABCheckpoint__factory.gen.js';
import { ABForwarder__factory } from './generated/factories/ABForwarder__factory.gen.js';
import { ABGovernance__factory } from './generated/factories/ABGovernance__factory.gen.js';
import { ABLiquidityManager__factory } from './generated/factories/ABLiquidityManager__factory.gen.js';
import { ABRouter__factory } from './generated/factories/ABRouter__factory.gen.js';
import { ABTimelock__factory } from './generated/factories/ABTimelock__factory.gen.js';
import { ABToken__factory } from './generated/factories/ABToken__factory.gen.js';
import { ABTokenFactory__factory } from './generated/factories/ABTokenFactory__factory.gen.js';

/** Our contracts as they were compiled: what they can be asked and told, what they log and how they refuse. */
export const INTERFACES = {
  ABCheckpoint: ABCheckpoint__factory.createInterface(),
  ABForwarder: ABForwarder__factory.createInterface(),
  ABGovernance: ABGovernance__factory.createInterface(),
  ABLiquidityManager: ABLiquidityManager__factory.createInterface(),
  ABRouter: ABRouter__factory.createInterface(),
  ABTimelock: ABTimelock__factory.createInterface(),
  ABToken: ABToken__factory.createInterface(),
  ABTokenFactory: ABTokenFactory__factory.createInterface(),
} as const;
