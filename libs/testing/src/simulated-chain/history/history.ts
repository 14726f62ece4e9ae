import {
  type Json,
  makeBlockOf,
  type MadeBlock,
  type MadeTransaction,
  makeTransaction,
} from '@abland/chain/made-blocks';
import { type Fact, openingMarket } from '../../market/market.js';
import { SeededRandom } from '../../seeded-random.js';
import { contractOf, emittedLog } from '../market-contracts.js';
import { Traders } from './traders.js';

export interface HistoryOptions {
  readonly seed: number;
  readonly blocks: number;
  readonly logsABlock: number;
  readonly secondsABlock: number;
  readonly people: number;
}

const GENESIS_TIME = 1_700_000_000;
const NOTHING = `0x${'00'.repeat(32)}`;
/**
 * The blocks of a busy exchange, each with so many logs or a few more and a swap at its end, as nodes tell them: hashes, bloom
 * filters and receipts' roots are those of what is in them. The same options give the same blocks; none is kept.
 */
export function* makeHistory(options: HistoryOptions): Generator<MadeBlock> {
  const { blocks, logsABlock, people, secondsABlock, seed } = options;
  const random = new SeededRandom(seed);
  const traders = new Traders(random, people);
  let parentHash = NOTHING;
  for (let number = 0; number < blocks; number += 1) {
    const done: (readonly Fact[])[] = number === 0 ? [] : number === 1 ? [openingMarket()] : [];
    for (let logs = 0; number > 1 && logs < logsABlock;) {
      const facts = logs >= logsABlock - 4 ? traders.trade() : traders.next();
      logs += facts.length;
      done.push(facts);
    }
    const transactions = done.map((facts): MadeTransaction => transactionOf(facts, random));
    const time = GENESIS_TIME + number * secondsABlock;
    const made = makeBlockOf({ number, parentHash, time, stateRoot: random.hash(), transactions });
    parentHash = String(made.header['hash']);
    yield made;
  }
}

/** All fields of a header as nodes tell them, but for its transactions. */
export const headerJson = ({ header }: MadeBlock): Json => ({
  ...header,
  ...{ size: '0x400', totalDifficulty: '0x0', uncles: [], withdrawals: [] },
});

function transactionOf(facts: readonly Fact[], random: SeededRandom): MadeTransaction {
  const last = facts.at(-1);
  const to = last === undefined ? {} : { to: contractOf(last) };
  const from = String(last?.data['user'] ?? last?.data['from'] ?? `0x${'ab'.repeat(20)}`);
  return makeTransaction({
    salt: random.hash(),
    from,
    ...to,
    input: '0x12345678',
    logs: facts.map(emittedLog),
  });
}
