import {
  GOVERNANCE_FACT_VERSIONS,
  MARKET_FACT_VERSIONS,
  SINGLETON_FACT_VERSIONS,
  type ChainLog,
  type LoggedFact,
} from '@abland/domain';
import type { BlockLog, FollowedContracts } from '../blocks/chain-block.js';
import { tokenEvents } from './contracts/token.js';
import type { DecodedLog } from './decoded-log.js';
import { checksummed } from './reading/checksums.js';
import type { ContractEvents } from './reading/contract-events.js';
import { singletonsOf } from './singletons.js';

/** Data of longer logs are cut: an event must stay below what one append of the log can hold. */
const LOG_DATA_BYTES_MAX = 131_072;

const VERSIONS = { ...MARKET_FACT_VERSIONS, ...SINGLETON_FACT_VERSIONS, ...GOVERNANCE_FACT_VERSIONS };
const IGNORED: DecodedLog = { kind: 'ignored' };

/** Decodes the logs of one deployment of our contracts. */
export class LogDecoder {
  readonly #tokenFactory: string;
  readonly #singletons: ReadonlyMap<string, ContractEvents>;
  readonly #token: ContractEvents;

  constructor(contracts: FollowedContracts) {
    this.#tokenFactory = contracts.tokenFactory.toLowerCase();
    this.#singletons = new Map(
      singletonsOf(contracts).map(([address, events]) => [address.toLowerCase(), events]),
    );
    this.#token = tokenEvents(contracts.liquidityManager);
  }

  /** Whether a log may tell of a new token. */
  isOfFactory({ address }: BlockLog): boolean {
    return address === this.#tokenFactory;
  }

  /** Never throws: what cannot be read is said to be so. `isOurToken` tells tokens that our factory created. */
  decode(log: BlockLog, isOurToken: (address: string) => boolean): DecodedLog {
    const events = this.#singletons.get(log.address) ?? (isOurToken(log.address) ? this.#token : undefined);
    // An anonymous event has no topic; none of ours is anonymous.
    const reader = events?.readers.get(log.topics[0] ?? '');
    if (reader === undefined) return IGNORED;
    try {
      const contract = checksummed(log.address.slice(2));
      const read = reader.read(log, contract);
      if (read === null) return IGNORED;
      const { type, fields, whole } = read;
      const kept = whole ? {} : { log: chainLog(log, contract) };
      const fact = { type, version: VERSIONS[type], data: { contract, ...fields, ...kept } };
      return { kind: 'fact', fact: fact as unknown as LoggedFact };
    } catch (error) {
      return { kind: 'undecodable', reason: error instanceof Error ? error.message : String(error) };
    }
  }
}

const chainLog = ({ topics, data }: BlockLog, address: string): ChainLog => ({
  address,
  topics,
  data: data.slice(0, 2 + 2 * LOG_DATA_BYTES_MAX),
});
