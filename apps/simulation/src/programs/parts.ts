import { type ProofWanted, proveBlock } from '@abland/chain';
import type { EventStore, LogStream } from '@abland/kernel';

/** What a run may put in the place of the product's own, to see that it would be noticed. */
export interface Parts {
  readonly prove: typeof proveBlock;
  readonly proof: ProofWanted;
  /** As the indexer writes to it. */
  readonly written: (stream: LogStream) => LogStream;
  /** As the projections read it. */
  readonly read: (store: EventStore) => EventStore;
}

export const OWN_PARTS: Parts = {
  prove: proveBlock,
  proof: { least: 'RECEIPTS', receipts: 'ALL' },
  written: (stream) => stream,
  read: (store) => store,
};
