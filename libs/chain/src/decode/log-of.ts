import { ZeroAddress } from 'ethers';
import type { ChainLog, LoggedFact } from '@abland/domain';
import { InvariantViolation } from '@abland/kernel';
import { CHECKPOINT_EVENTS } from './contracts/checkpoint.js';
import { FORWARDER_EVENTS } from './contracts/forwarder.js';
import { governorEvents } from './contracts/governor.js';
import { LIQUIDITY_MANAGER_EVENTS } from './contracts/liquidity-manager.js';
import { TIMELOCK_EVENTS } from './contracts/timelock.js';
import { TOKEN_FACTORY_EVENTS } from './contracts/token-factory.js';
import { tokenEvents } from './contracts/token.js';
import { VOTES_TOKEN_EVENTS } from './contracts/votes-token.js';
import { StaticFactReader } from './reading/static-fact.js';

/** Of each fact whose fields give its log. */
export const WRITERS: ReadonlyMap<string, StaticFactReader> = new Map(
  [
    tokenEvents(ZeroAddress),
    TOKEN_FACTORY_EVENTS,
    LIQUIDITY_MANAGER_EVENTS,
    FORWARDER_EVENTS,
    CHECKPOINT_EVENTS,
    governorEvents('BLOCKS'),
    TIMELOCK_EVENTS,
    VOTES_TOKEN_EVENTS,
  ]
    .flatMap(({ readers }) => [...readers.values()])
    .flatMap((reader) => (reader instanceof StaticFactReader ? [[reader.type, reader] as const] : [])),
);

/**
 * The log that a fact stands for, to the byte: as it was kept, or written back from the fact's fields. Of a kept log with
 * more than 131,072 bytes of data only these are left.
 */
export function logOf({ type, data }: LoggedFact): ChainLog {
  if (data.log !== undefined) return data.log;
  const writer = WRITERS.get(type);
  if (writer === undefined) throw new InvariantViolation('A fact without its log', { type });
  return { address: data.contract, ...writer.write(data) };
}
