/** A state of the past: what the read models were after the events up to a position. */
export interface At {
  /** Whose state it is. */
  readonly chainId: number;
  /** What it was asked for by. */
  readonly field: 'block' | 'blockTime' | 'recordedAt' | 'position';
  /** Decimal text. */
  readonly position: string;
  /** Seconds since the epoch: what was now, as the end of the windows of 24 hours. */
  readonly time: number;
  /** Seconds since the epoch: it has nothing of later blocks of the chain as it is now; null: it may have of any. */
  readonly until: number | null;
}
