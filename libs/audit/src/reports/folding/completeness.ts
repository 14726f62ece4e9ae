import type { RecordedEvent } from '@abland/kernel';
import type { Row } from './report.js';
import { chainIdOf, type FactAt, type StandingFacts } from './standing-facts.js';

interface Coverage {
  first: number;
  last: number;
  blocks: number;
  reverted: number;
  /** Blocks whose number does not follow that of the one before. */
  gaps: number;
  readonly proofs: { RECEIPTS: number; BLOOM: number; NONE: number };
  providersMin: number;
}

/** Files that every report has beside its own. */
export const COMPLETENESS_FILES = {
  blocks: [
    ...['chainId', 'firstBlock', 'lastBlock', 'blocks', 'finalBlock', 'revertedBlocks', 'gaps'],
    ...['provedByReceipts', 'provedByBloom', 'notProved', 'providersAtLeast'],
  ],
  parked: ['chainId', 'eventId', 'type', 'recordedAt', 'code', 'reason', 'txHash', 'logIndex'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** How complete a log is beside its chains: which blocks it has and what proves that none of their logs is missing, and what was left out of it. */
export class Completeness {
  private readonly chains = new Map<number, Coverage>();
  private readonly parked = new Map<string, Row>();

  constructor(private readonly facts: StandingFacts) {}

  /** @param at of a fact that stands; null of one that does not, and of an event that is none */
  add(event: RecordedEvent, at: FactAt | null): void {
    const { data, type } = event;
    if (type === 'BlockIngested' && at !== null) this.addBlock(at, data);
    else if (type === 'BlocksReverted')
      this.coverageOf(chainIdOf(event.stream)).reverted += (data['hashes'] as readonly unknown[]).length;
    else if ((type === 'LogParked' && at !== null) || type === 'MessageParked')
      this.parked.set(event.id, parkedRow(event));
    else if (type === 'ParkedLogResolved' && data['resolution'] === 'RETRIED')
      this.parked.delete(String(data['eventId']));
  }

  *rows(): Iterable<readonly [keyof typeof COMPLETENESS_FILES, Row]> {
    for (const [chainId, one] of [...this.chains].toSorted(([a], [b]) => a - b))
      yield [
        'blocks',
        {
          ...{ chainId: `${chainId}`, firstBlock: `${one.first}`, lastBlock: `${one.last}` },
          ...{ blocks: `${one.blocks}`, revertedBlocks: `${one.reverted}`, gaps: `${one.gaps}` },
          finalBlock: this.facts.finalizedOf(chainId)?.toString() ?? null,
          ...{ provedByReceipts: `${one.proofs.RECEIPTS}`, provedByBloom: `${one.proofs.BLOOM}` },
          ...{ notProved: `${one.proofs.NONE}`, providersAtLeast: `${one.providersMin}` },
        },
      ];
    for (const row of this.parked.values()) yield ['parked', row];
  }

  private addBlock({ blockNumber, chainId }: FactAt, { proof, providers }: RecordedEvent['data']): void {
    const one = this.coverageOf(chainId);
    if (one.blocks === 0) one.first = blockNumber;
    else if (blockNumber !== one.last + 1) one.gaps += 1;
    one.last = blockNumber;
    one.blocks += 1;
    one.proofs[proof as keyof Coverage['proofs']] += 1;
    one.providersMin = one.blocks === 1 ? Number(providers) : Math.min(one.providersMin, Number(providers));
  }

  private coverageOf(chainId: number): Coverage {
    const known = this.chains.get(chainId) ?? {
      ...{ first: 0, last: 0, blocks: 0, reverted: 0, gaps: 0, providersMin: 0 },
      proofs: { RECEIPTS: 0, BLOOM: 0, NONE: 0 },
    };
    this.chains.set(chainId, known);
    return known;
  }
}

const parkedRow = ({ data, id, metadata, recordedAt, stream, type }: RecordedEvent): Row => ({
  ...{ chainId: `${chainIdOf(stream)}`, eventId: id, type, recordedAt },
  ...{ code: String(data['code']), reason: String(data['reason']) },
  ...{ txHash: metadata.chain?.txHash ?? null, logIndex: metadata.chain?.logIndex?.toString() ?? null },
});
