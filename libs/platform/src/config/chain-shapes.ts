/** Addresses of the contracts that a chain is followed for, in their EIP-55 spelling. */
export interface ContractAddresses {
  readonly tokenFactory: string;
  readonly liquidityManager: string;
  /** Null where no router of ours is used; absent: the same. */
  readonly router?: string | null;
  /** Null where relayed commands are not offered. */
  readonly forwarder: string | null;
  /** Null where tree heads of the log are not anchored. */
  readonly checkpoint: string | null;
  /** Null where governance is not followed. */
  readonly governance: GovernanceAddresses | null;
}

export interface GovernanceAddresses {
  readonly governor: string;
  readonly timelock: string;
  /** The token whose delegated balances are votes. */
  readonly token: string;
  /** What the governor's delays and periods count (ERC-6372): ours count seconds, and counted blocks in earlier versions. */
  readonly clock: 'BLOCKS' | 'SECONDS';
}

/** As settings write them. */
export const CLOCKS = { blocks: 'BLOCKS', seconds: 'SECONDS' } as const;
/** As the settings name them. */
export const LOGS = { all: 'ALL', ours: 'OURS' } as const;
export const DATA_FEES = { detect: 'DETECT', none: 'NONE' } as const;
/** Of which fields of a receipt its data fee is told: so many wei, or so much of the gas used. */
export const DATA_FEE_UNITS = { wei: 'WEI', gas: 'GAS' } as const;
export const PROOFS = { none: 'NONE', bloom: 'BLOOM', receipts: 'RECEIPTS' } as const;

export interface ChainConfig {
  /** As people call it; absent: it has no name. */
  readonly name?: string;
  /** Where in CHAINS_FILE it is told of, `chains[1]` say; absent: by variables. */
  readonly path?: string;
  /** The first is preferred; the others take over when it fails. */
  readonly rpcUrls: readonly string[];
  readonly chainId: number;
  readonly startBlock: number;
  /** Blocks on top of a block until it is final; with a tag, until then only while the tag is far ahead of what was read. */
  readonly finalityDepth: number;
  /** The chain's own word of what is final; absent: by depth. */
  readonly finalityTag?: 'SAFE' | 'FINALIZED';
  /** Milliseconds from one block to the next, as a rule; absent: not known. */
  readonly blockTimeMs?: number;
  /** It mines where there is something to mine, so that nothing follows from a block that does not come. */
  readonly minesOnDemand?: boolean;
  /** What each block must be proved by; absent: by its bloom filter, and by more wherever that can be had. */
  readonly proof?: 'NONE' | 'BLOOM' | 'RECEIPTS';
  /** Whether all logs are read, or those of blocks that may have some of ours; absent: by what the last blocks had. */
  readonly logs?: 'ALL' | 'OURS';
  /** Where receipts tell what a transaction paid for its data on the chain below; absent: as they show by themselves. */
  readonly dataFee?: 'DETECT' | 'NONE' | { readonly unit: 'WEI' | 'GAS'; readonly field: string };
  /** How many providers must have the same block; absent: one. */
  readonly quorum?: number;
  /** That are sent to each provider, by each program; absent: as many as are wanted. */
  readonly requestsPerSecond?: number;
  readonly contracts: ContractAddresses;
}
