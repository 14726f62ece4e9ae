import { logOf } from '@abland/chain';
import {
  type BlockIngested,
  type BlocksReverted,
  chainStream,
  type LoggedFact,
  type TransactionPaid,
} from '@abland/domain';
import type { EventStore, RecordedEvent } from '@abland/kernel';
import { tagCalldata } from '@abland/chain';
import { GAS_PRICE, GAS_USED } from '@abland/chain/made-blocks';
import {
  CALLED,
  emittedLog,
  type SimulatedBlock,
  type SimulatedChain,
} from '@abland/testing/simulated-chain';
import { differences, type Violation } from './violation.js';

/** Blocks whose facts the log has to their end. */
interface ToldBlock {
  readonly hash: string;
  readonly parentHash: string;
  readonly facts: readonly string[];
}

/**
 * The log against the chain, block by block: every block that was ever told has the facts that the chain had in it, each once
 * and in order, and what was not taken back is the chain as it is now.
 * @param blocks of the chain that the log must be of, where that is not the newest
 */
export async function judgeLog(
  store: EventStore,
  chain: SimulatedChain,
  blocks = chain.blocks,
): Promise<readonly Violation[]> {
  const known = new Map([...chain.branches.flat(), ...chain.blocks].map((block) => [block.hash, block]));
  const told: ToldBlock[] = [];
  const violations: Violation[] = [];
  let facts: string[] = [];
  /** Of the block at hand; what strangers' tokens say of themselves is judged by the read model that it comes to. */
  let described = 0;
  /** Of the block at hand: what transactions cost is told where their receipts were to be had. */
  let paid: string[] = [];
  const violate = (kind: string, detail: string): void => void violations.push({ kind, detail });
  for await (const page of store.readStream(chainStream(chain.chainId))) {
    for (const event of page) {
      if (event.type === 'BlockIngested') {
        const ending = event as RecordedEvent<BlockIngested>;
        const block = toldBlock(ending, facts);
        if (ending.data.facts !== facts.length + described + paid.length) violate('WRONG_COUNT', block.hash);
        violations.push(...judgeCosts(paid, known.get(block.hash)));
        [facts, described, paid] = [[], 0, []];
        if ((told.at(-1)?.hash ?? block.parentHash) !== block.parentHash) violate('UNLINKED', block.hash);
        violations.push(...judgeBlock(block, known.get(block.hash)));
        told.push(block);
      } else if (event.type === 'BlocksReverted') {
        const { hashes } = (event as RecordedEvent<BlocksReverted>).data;
        const taken = told.splice(-hashes.length).map(({ hash }) => hash);
        if (taken.reverse().join() !== hashes.join()) violate('WRONG_REVERT', hashes.join());
      } else if (event.type === 'TokenDescribed') described += 1;
      else if (event.type === 'TransactionPaid') paid.push(costLine(event));
      else if (event.type !== 'BlocksFinalized') facts.push(factLine(event));
    }
  }
  if (facts.length > 0) violate('HALF_A_BLOCK', `${facts.length} facts are of a block that is not told`);
  const hashes = blocks.map(({ hash, number }) => `${number} ${hash}`);
  return [
    ...violations,
    ...differences(
      'LOG_BLOCKS',
      hashes,
      told.map(({ hash }, number) => `${number} ${hash}`),
    ),
  ];
}

function toldBlock({ data }: RecordedEvent<BlockIngested>, facts: readonly string[]): ToldBlock {
  return { hash: data.hash, parentHash: data.parentHash, facts };
}

function judgeBlock({ facts, hash }: ToldBlock, block: SimulatedBlock | undefined): readonly Violation[] {
  if (block === undefined) return [{ kind: 'UNKNOWN_BLOCK', detail: hash }];
  // What left no log comes after what did.
  const inOrder = [...block.facts].sort((a, b) => Number(a.logIndex === null) - Number(b.logIndex === null));
  const wanted = inOrder.map((fact) => {
    const { commandId, logIndex, txHash, type } = fact;
    const log = logIndex === null ? null : emittedLog(fact);
    return [type, txHash, logIndex, commandId, log === null ? '' : logLine(log)].join(' ');
  });
  const sameOrder = wanted.join() === facts.join();
  const found = differences('LOG_FACTS', wanted, facts);
  if (sameOrder || found.length > 0)
    return found.map((one) => ({ ...one, detail: `block ${block.number}: ${one.detail}` }));
  return [{ kind: 'LOG_ORDER', detail: `the facts of block ${block.number}` }];
}

/** Each once, and none that is not so. */
function judgeCosts(paid: readonly string[], block: SimulatedBlock | undefined): readonly Violation[] {
  const cost = `${GAS_USED} ${GAS_PRICE} ${GAS_USED * GAS_PRICE}`;
  const left = new Set(
    block?.facts.flatMap(({ commandId, txHash }) =>
      commandId === null ? [] : [`${txHash} ${commandId} ${cost} 0 ${tagCalldata(CALLED, commandId)}`],
    ),
  );
  return paid.flatMap((line) => (left.delete(line) ? [] : [{ kind: 'WRONG_COST', detail: line }]));
}

function costLine({ data, metadata }: RecordedEvent): string {
  const { gasPrice, gasUsed, input, total, txHash, value } = data as TransactionPaid['data'];
  return [txHash, metadata.chain?.commandId, gasUsed, gasPrice, total, value, input].join(' ');
}

function factLine(event: RecordedEvent): string {
  const { chain } = event.metadata;
  const log = event.type === 'TransactionFailed' ? '' : logLine(logOf(event as unknown as LoggedFact));
  return [event.type, chain?.txHash, chain?.logIndex, chain?.commandId, log].join(' ');
}

const logLine = (log: { address: string; topics: readonly string[]; data: string }): string =>
  `${log.address} ${log.topics.join('.')} ${log.data}`.toLowerCase();
