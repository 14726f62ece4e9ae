import {
  type ChainLog,
  type ContractRole,
  GOVERNANCE_FACT_VERSIONS,
  type GovernanceClock,
  type LogParkingCode,
  type LoggedFact,
  MARKET_FACT_VERSIONS,
  PARKING_FACT_VERSIONS,
  SINGLETON_FACT_VERSIONS,
} from '@abland/domain';
import type { DecodedLog } from './decoded-log.js';
import { impossibility } from './reading/bounds.js';
import { checksummed } from './reading/checksums.js';
import type { ContractEvents } from './reading/contract-events.js';
import type { LogBody, ReadFact } from './reading/fact-reader.js';

/** Data of longer logs are cut: an event must stay below what one append of the log can hold. */
const LOG_DATA_BYTES_MAX = 131_072;
const REASON_LENGTH_MAX = 500;

const VERSIONS = { ...MARKET_FACT_VERSIONS, ...SINGLETON_FACT_VERSIONS, ...GOVERNANCE_FACT_VERSIONS };
const IGNORED: DecodedLog = { kind: 'ignored' };

/** A contract whose logs are read. */
export interface LogSource {
  readonly role: ContractRole;
  readonly events: ContractEvents;
  /** Of a Governor what it counts in; null of others. */
  readonly clock: GovernanceClock | null;
}

/**
 * What a log of a contract is. Never throws: what cannot be read, or cannot be, is parked with the reason.
 * @param log of 20 bytes in lower case its address, and hexadecimal throughout
 */
export function readFact(log: LogBody & { readonly address: string }, source: LogSource): DecodedLog {
  // An anonymous event has no topic; none of ours is anonymous.
  const reader = source.events.readers.get(log.topics[0] ?? '');
  if (reader === undefined) return IGNORED;
  const contract = checksummed(log.address.slice(2));
  const parked = (code: LogParkingCode, reason: string): DecodedLog => {
    const { clock, role } = source;
    const why = reason.slice(0, REASON_LENGTH_MAX).toWellFormed();
    const told = { contract, role, clock, log: chainLog(log, contract) };
    const version = PARKING_FACT_VERSIONS.LogParked;
    return { kind: 'parked', fact: { type: 'LogParked', version, data: { ...told, code, reason: why } } };
  };
  let read: ReadFact | null;
  try {
    read = reader.read(log, contract);
  } catch (error) {
    return parked('LOG_UNDECODABLE', error instanceof Error ? error.message : String(error));
  }
  if (read === null) return IGNORED;
  const { type, fields, whole } = read;
  const impossible = impossibility(type, fields);
  if (impossible !== null) return parked('FACT_IMPOSSIBLE', impossible);
  const kept = whole ? {} : { log: chainLog(log, contract) };
  const fact = { type, version: VERSIONS[type], data: { contract, ...fields, ...kept } };
  return { kind: 'fact', fact: fact as unknown as LoggedFact };
}

const chainLog = ({ topics, data }: LogBody, address: string): ChainLog => ({
  address,
  topics,
  data: data.slice(0, 2 + 2 * LOG_DATA_BYTES_MAX),
});
