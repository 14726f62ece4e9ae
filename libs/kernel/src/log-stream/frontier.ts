/** How far the publisher of a chain's blocks is, and how far others may read ahead of it. Numbers of blocks. */
export interface Frontier {
  /** Of the publisher's lease: one that was followed tells nothing any more. */
  readonly epoch: bigint;
  /** The first that was not handed over. */
  readonly next: number;
  /** The last that nothing takes back. */
  readonly last: number;
  readonly rangeSize: number;
}
