import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chainLaws } from '../testing/chain-laws.js';
import { MemoryTables } from '../testing/memory-tables.js';
import { specify } from '../testing/specification.js';
import { fact } from '../testing/told-events.js';
import { holdingsProjection } from './projection.js';
import { holdings, tokenSupplies } from './tables.js';

const TOKEN = `0x${'1'.repeat(40)}`;
const ZERO = `0x${'0'.repeat(40)}`;
const PEOPLE = ['a', 'b', 'c'].map((letter) => `0x${letter.repeat(40)}`);
const [ALICE, BOB] = PEOPLE as [string, string, string];

const transfer = (from: string, to: string, amount: bigint, block = 1, contract = TOKEN) =>
  fact('Transfer', { from, to, amount: `${amount}` }, { block, contract });
const { given } = specify(holdingsProjection);

describe('holdings', () => {
  it('count a holder when the first unit comes', () => {
    given(transfer(ZERO, ALICE, 10n))
      .when(transfer(ALICE, BOB, 4n, 2))
      .then(
        holdings,
        { chain_id: 1, token: TOKEN, holder: ALICE, balance: 6n, updated_block: 2, updated_time: 20 },
        { chain_id: 1, token: TOKEN, holder: BOB, balance: 4n, updated_block: 2, updated_time: 20 },
      )
      .then(tokenSupplies, {
        ...{ chain_id: 1, token: TOKEN, supply: 10n, holders: 2, transfers: 2, updated_block: 2 },
      });
  });

  it('count a holder no longer when the last unit leaves', () => {
    given(transfer(ZERO, ALICE, 10n), transfer(ALICE, BOB, 4n))
      .when(transfer(ALICE, BOB, 6n))
      .then(holdings, { holder: ALICE, balance: 0n }, { holder: BOB, balance: 10n })
      .then(tokenSupplies, { supply: 10n, holders: 1, transfers: 3 });
  });

  it('are not changed by a transfer to oneself or of nothing', () => {
    given(transfer(ZERO, ALICE, 10n))
      .when(transfer(ALICE, ALICE, 10n), transfer(BOB, ALICE, 0n))
      .then(holdings, { holder: ALICE, balance: 10n })
      .then(tokenSupplies, { supply: 10n, holders: 1, transfers: 3 });
  });

  it('shrink with the supply when tokens are burnt', () => {
    given(transfer(ZERO, ALICE, 10n))
      .when(transfer(ALICE, ZERO, 3n))
      .then(holdings, { holder: ALICE, balance: 7n })
      .then(tokenSupplies, { supply: 7n, holders: 1 });
  });

  it('are of the token that tells of the transfer', () => {
    const other = `0x${'2'.repeat(40)}`;
    given(transfer(ZERO, ALICE, 10n))
      .when(transfer(ZERO, ALICE, 3n, 1, other))
      .then(holdings, { token: TOKEN, balance: 10n }, { token: other, balance: 3n });
  });

  it('refuse a transfer of more than its sender has', () => {
    given(transfer(ZERO, ALICE, 10n))
      .when(transfer(ALICE, BOB, 11n))
      .thenRefused('A transfer of more than its sender holds');
  });

  it('add up to the supply after any possible transfers', () => {
    const party = fc.constantFrom(ZERO, ...PEOPLE);
    fc.assert(
      fc.property(fc.array(fc.tuple(party, party, fc.bigInt({ min: 0n, max: 100n }))), (moves) => {
        const tables = new MemoryTables(holdingsProjection);
        const model = new Map<string, bigint>();
        for (const [from, to, amount] of moves) {
          if (from !== ZERO && (model.get(from) ?? 0n) < amount) continue;
          if (from !== ZERO) model.set(from, (model.get(from) ?? 0n) - amount);
          if (to !== ZERO) model.set(to, (model.get(to) ?? 0n) + amount);
          tables.tell([transfer(from, to, amount)]);
        }
        const held = [...model].filter(([, balance]) => balance > 0n).sort();
        const total = held.reduce((sum, [, balance]) => sum + balance, 0n);
        const rows = tables
          .rowsOf(holdings)
          .filter(({ balance }) => balance !== 0n)
          .map((row) => [row['holder'], row['balance']]);
        const [supply] = tables.rowsOf(tokenSupplies);
        expect(rows).toEqual(held);
        expect([supply?.['supply'] ?? 0n, supply?.['holders'] ?? 0]).toEqual([total, held.length]);
      }),
    );
  });

  chainLaws(holdingsProjection, [
    transfer(ZERO, ALICE, 10n),
    transfer(ALICE, BOB, 4n),
    transfer(ALICE, BOB, 6n, 2),
    transfer(BOB, ZERO, 10n, 3),
  ]);
});
