import type { EventFragment } from 'ethers';
import type { Address, Hash, HexData, LoggedFact } from '@abland/domain';

/** What a log holds beside its place on the chain. */
export interface LogBody {
  readonly topics: readonly Hash[];
  readonly data: HexData;
}

export type FactType = LoggedFact['type'];
type DataOf<Type extends FactType> = Extract<LoggedFact, { type: Type }>['data'];

/** The fields of a fact that its log's parameters tell. */
export type OwnFields<Type extends FactType> = Omit<DataOf<Type>, 'contract' | 'log'>;

export interface ReadFact {
  readonly type: FactType;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whether the fields, written back, give the log to the byte. */
  readonly whole: boolean;
}

/** Reads the logs of one event of a contract. */
export interface FactReader {
  readonly event: EventFragment;
  /**
   * Null where it is nothing to us.
   * @param contract who emitted it
   * @throws where it is malformed
   */
  read(log: LogBody, contract: Address): ReadFact | null;
}
