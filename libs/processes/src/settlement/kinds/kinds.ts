import type { RequestKind } from '../tracked-request.js';
import type { Kind } from './kind.js';
import { order } from './order.js';
import { poolCreation } from './pool-creation.js';
import { tokenCreation } from './token-creation.js';
import { tokenDeactivation } from './token-deactivation.js';

export const KINDS: Readonly<Record<RequestKind, Kind>> = {
  TOKEN_CREATION: tokenCreation,
  TOKEN_DEACTIVATION: tokenDeactivation,
  POOL_CREATION: poolCreation,
  ORDER: order,
};
