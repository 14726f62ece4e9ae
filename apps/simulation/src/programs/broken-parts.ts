import type { BlockProof } from '@abland/domain';
import { type Discrepancy, type Evidence, type ProofRules, type Proven, proveBlock } from '@abland/chain';
import type { EventBatch, EventStore, LogStream } from '@abland/kernel';
import { OWN_PARTS, type Parts } from './parts.js';

/** Everything but one kind of discrepancy. */
const blindFor =
  (what: Discrepancy['what'], proof: BlockProof) =>
  (evidence: Evidence, rules: ProofRules): Proven | Discrepancy => {
    const proved = proveBlock(evidence, rules);
    if (proved.outcome === 'PROVEN' || proved.what !== what) return proved;
    const all = evidence.receipts?.flatMap(({ logs }) => logs) ?? evidence.logs;
    const logs = all.toSorted((a, b) => a.logIndex - b.logIndex);
    return { outcome: 'PROVEN', proof, logs };
  };

/** A topic that everybody may write to. */
function unfenced(stream: LogStream): LogStream {
  return {
    ...{
      consume: stream.consume.bind(stream),
      last: stream.last.bind(stream),
      trim: stream.trim.bind(stream),
    },
    ...{ readers: stream.readers.bind(stream), close: stream.close.bind(stream) },
    claim: () => Promise.resolve(),
    publish: (topic, values) => stream.publish(topic, values),
  };
}

/** A log in which nothing is ever taken back. */
function withoutReverts(store: EventStore): EventStore {
  const kept = (batch: EventBatch): EventBatch => ({
    ...batch,
    events: batch.events.filter(({ type }) => type !== 'BlocksReverted'),
  });
  return {
    ...{ append: store.append.bind(store), readStream: store.readStream.bind(store) },
    ...{ readAll: store.readAll.bind(store), head: store.head.bind(store), close: store.close.bind(store) },
    async *subscribeToAll(options) {
      for await (const batch of store.subscribeToAll(options)) yield kept(batch);
    },
  };
}

/** The system without one of the things that hold it together; each must be noticed by the run. */
export const BROKEN_PARTS = {
  contiguity: {
    ...OWN_PARTS,
    proof: { least: 'BLOOM', receipts: 'ALL' },
    prove: blindFor('LOG_INDEX', 'BLOOM'),
  },
  'receipts-root': { ...OWN_PARTS, prove: blindFor('RECEIPTS_ROOT', 'RECEIPTS') },
  fence: { ...OWN_PARTS, written: unfenced },
  revert: { ...OWN_PARTS, read: withoutReverts },
} satisfies Readonly<Record<string, Parts>>;
