import type { KnownBalance } from './balance.js';

export const having = (total: bigint, committed = 0n): KnownBalance => ({ total, committed });
