import { GOVERNANCE_GUARDS } from './governance.js';
import type { Guard } from './guard.js';
import { POOL_GUARDS } from './pools.js';
import { SIGNATURE_GUARDS } from './signatures.js';

/** Every guard with the attack that works without it. */
export const GUARDS: readonly Guard[] = [...POOL_GUARDS, ...SIGNATURE_GUARDS, ...GOVERNANCE_GUARDS];
