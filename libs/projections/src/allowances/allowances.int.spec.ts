import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { SeededRandom } from '@abland/testing/seeded-random';
import { createToken, type Deed, MANAGER, PEOPLE } from '@abland/testing/market';
import { ProjectionBench } from '../testing/projection-bench.js';
import { CHAIN_ID, OTHER_CHAIN_ID, SimulatedChain } from '../testing/simulated-chain.js';
import { allowanceOf } from './queries.js';

const [ALICE = '', BOB = ''] = PEOPLE;

describe('an allowance', () => {
  let bench: ProjectionBench;
  let token: string;
  const of = (owner: string, over: object = {}) =>
    allowanceOf(bench.db, { chainId: CHAIN_ID, token, owner, spender: MANAGER, ...over });

  beforeAll(async () => {
    bench = await ProjectionBench.open(new MemoryEventStore());
    const chain = new SimulatedChain(new SeededRandom(3));
    await bench.store.append(chain.stream, chain.mine([createToken]), 'any');
    [token = ''] = [...chain.state.balances.keys()];
    const approve: Deed = () => [
      { type: 'Approval', data: { contract: token, owner: ALICE, spender: MANAGER, amount: '70' } },
    ];
    await bench.store.append(chain.stream, chain.mine([approve]), 'any');
    await bench.project();
  });
  afterAll(() => bench.close());

  it('is what was approved, and none where nothing was', async () => {
    expect(await of(ALICE)).toBe(70n);
    expect(await of(BOB)).toBe(0n);
  });

  it('is not known of a token that nothing tells of', async () => {
    expect(await of(ALICE, { token: BOB })).toBeNull();
    expect(await of(ALICE, { chainId: OTHER_CHAIN_ID })).toBeNull();
  });

  it('is not known while its read model is built anew and has not come to the others', async () => {
    const move = (position: string) =>
      bench.pool.query(
        `UPDATE projections.builds SET position = ${position} WHERE projection = 'allowances'`,
      );
    await move('position - 1');
    expect(await of(ALICE)).toBeNull();
    await move('NULL');
    expect(await of(ALICE)).toBeNull();
    await move(`(SELECT position FROM projections.builds WHERE projection = 'tokens')`);
    expect(await of(ALICE)).toBe(70n);
  });
});
