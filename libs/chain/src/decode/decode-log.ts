import type { BlockLog, FollowedContracts } from '../blocks/chain-block.js';
import { tokenEvents } from './contracts/token.js';
import type { DecodedLog } from './decoded-log.js';
import { type LogSource, readFact } from './read-fact.js';
import { singletonsOf } from './singletons.js';

const IGNORED: DecodedLog = { kind: 'ignored' };

/** Decodes the logs of one deployment of our contracts. */
export class LogDecoder {
  readonly #tokenFactory: string;
  readonly #singletons: ReadonlyMap<string, LogSource>;
  readonly #token: LogSource;

  constructor(contracts: FollowedContracts) {
    this.#tokenFactory = contracts.tokenFactory.toLowerCase();
    const { governance } = contracts;
    this.#singletons = new Map(
      singletonsOf(contracts).map(([address, events, role]) => [
        address.toLowerCase(),
        { role, events, clock: role === 'GOVERNOR' && governance !== null ? governance.clock : null },
      ]),
    );
    this.#token = { role: 'TOKEN', events: tokenEvents(contracts.liquidityManager), clock: null };
  }

  /** Whether a log may tell of a new token. */
  isOfFactory({ address }: BlockLog): boolean {
    return address === this.#tokenFactory;
  }

  /** Never throws: what cannot be read is parked. `isOurToken` tells tokens that our factory created. */
  decode(log: BlockLog, isOurToken: (address: string) => boolean): DecodedLog {
    const source = this.#singletons.get(log.address) ?? (isOurToken(log.address) ? this.#token : undefined);
    return source === undefined ? IGNORED : readFact(log, source);
  }
}
