import type { BlockProof, GovernanceClock, Hash, HexData, TokenDescribed, Uuid } from '@abland/domain';

/** A log as the provider gave it, in lower case. */
export type BlockLog = {
  readonly address: HexData;
  readonly topics: readonly Hash[];
  readonly data: HexData;
  readonly txHash: Hash;
  readonly logIndex: number;
};

/** A transaction to one of our contracts that was mined and reverted. */
export type FailedTransaction = {
  readonly hash: Hash;
  readonly from: HexData;
  readonly to: HexData;
  readonly reason: string | null;
};

/** What a mined transaction cost whoever sent it; amounts in decimal. */
export type MinedCost = {
  readonly hash: Hash;
  readonly from: HexData;
  readonly gasUsed: string;
  /** In wei. */
  readonly gasPrice: string;
  /** What of `total` was paid for its data on the chain below, in wei; null where none is told. */
  readonly dataFee: string | null;
  /** In wei, without what it sends. */
  readonly total: string;
};

/** What a transaction sends. */
export type SentInput = {
  /** In wei, decimal. */
  readonly value: string;
  /** The first INPUT_BYTES_MAX bytes. */
  readonly input: HexData;
  /** Of the whole input. */
  readonly inputBytes: number;
};

export type BlockReference = {
  readonly number: number;
  readonly hash: Hash;
  /** Seconds since the epoch. */
  readonly time: number;
};

/** What of a block matters to us. All of it is JSON, since blocks travel through the log stream. */
export type ChainBlock = BlockReference & {
  readonly parentHash: Hash;
  /** What shows that no log is missing. */
  readonly proof: BlockProof;
  /** How many providers gave the same block. */
  readonly providers: number;
  /**
   * In chain order: logs of our contracts, and of tokens Transfer and Approval to the liquidity manager: as it was read those of
   * every ERC-20 token, as it is published those of the tokens that are ours.
   */
  readonly logs: readonly BlockLog[];
  readonly failures: readonly FailedTransaction[];
  /** The command that each transaction to our contracts claims, by transaction hash. */
  readonly commands: Readonly<Record<Hash, Uuid>>;
  /** Of each of these whose receipt was to be had what it cost; absent for none, and in blocks of earlier versions. */
  readonly costs?: readonly MinedCost[];
  /** By hash what the same transactions send; absent for none, and in blocks of earlier versions. */
  readonly sent?: Readonly<Record<Hash, SentInput>>;
  /** Lower-case addresses whose logs are among these. */
  readonly followed: readonly HexData[];
  /**
   * What contracts did in blocks before it that were published without their logs, oldest first: they were deployed long before they
   * were followed, say.
   */
  readonly earlier?: readonly EarlierBlock[];
  /** Lower-case addresses of the contracts whose logs those are, beside the tokens of theirs. */
  readonly earlierOf?: readonly HexData[];
  /** By lower-case address the contracts that were followed before, or are brought along: the last block with their logs. */
  readonly behind?: Readonly<Record<HexData, BlockReference>>;
  /**
   * What tokens say of themselves whose pools this block opens, of those traded in it that were not asked yet, and of those that nobody
   * answered for before, ours among them; absent for none, and in blocks of indexers that did not ask.
   */
  readonly described?: readonly DescribedToken[];
  /** Of a block as it was read, where not all of its logs were; never published. */
  readonly unread?: UnreadLogs;
};

/** By what it is known later whether a block has logs of tokens that were not known when it was read. */
export interface UnreadLogs {
  readonly bloom: HexData;
  /** How many tokens were known. */
  readonly tokensKnown: number;
}

/** The tokens that are followed, the first known first. Lower-case addresses. */
export interface TokensInOrder {
  readonly size: number;
  has(token: HexData): boolean;
  keys(): Iterable<HexData>;
}

/** `token` in lower case. */
export type DescribedToken = TokenDescribed['data'];

export type EarlierBlock = BlockReference & Pick<ChainBlock, 'logs' | 'commands'>;

/** Addresses that a chain is followed for. */
export interface FollowedContracts {
  readonly tokenFactory: string;
  readonly liquidityManager: string;
  readonly forwarder: string | null;
  /** Null where tree heads of the log are not anchored. */
  readonly checkpoint: string | null;
  /** Null where the chain has no governance. */
  readonly governance: GovernanceContracts | null;
}

export interface GovernanceContracts {
  readonly governor: string;
  readonly timelock: string;
  /** The token whose delegated balances are votes. */
  readonly token: string;
  /** What the Governor and the token count in (ERC-6372). */
  readonly clock: GovernanceClock;
}

/** All of them in lower case. */
export const followedAddresses = (contracts: FollowedContracts): readonly string[] =>
  Object.values(namedAddresses(contracts));

/** The same by what each is for. */
export function namedAddresses(contracts: FollowedContracts): Readonly<Record<string, string>> {
  const { tokenFactory, liquidityManager, forwarder, checkpoint, governance } = contracts;
  const { governor = null, timelock = null, token = null } = governance ?? {};
  const named = { tokenFactory, liquidityManager, forwarder, checkpoint, governor, timelock, token };
  const told = Object.entries(named).flatMap(([name, address]) =>
    address === null ? [] : [[name, address.toLowerCase()] as const],
  );
  return Object.fromEntries(told);
}
