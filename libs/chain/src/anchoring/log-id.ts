import type { Hash } from '@abland/domain';
import { id } from 'ethers';

/** By what ABCheckpoint knows a log: keccak256 of its origin in UTF-8. */
export const logIdOf = (origin: string): Hash => id(origin);
