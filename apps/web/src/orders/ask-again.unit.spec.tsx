import '../testing/browser.fixture.js';
import { describe, expect, it } from '@jest/globals';
import type { Client } from 'urql';
import { leastOf, otherSide } from '../market/pools/Liquidity.js';
import { GiveSwapDocument } from '../api/operations.gen.js';
import { askBy } from './OrderDialog.js';

describe('an order that is asked for again because its answer was lost', () => {
  it('is the same to its last word: its deadline is not reckoned anew', async () => {
    const sent: unknown[] = [];
    const client = {
      mutation: (_document: unknown, variables: unknown) => {
        sent.push(variables);
        return { toPromise: () => Promise.resolve({ data: { receipt: { commandId: 'c' } } }) };
      },
    } as unknown as Client;
    let now = 0;
    const ask = askBy(GiveSwapDocument, (idempotencyKey) => ({
      input: {
        ...{ idempotencyKey, tokenIn: '0x1', tokenOut: '0x2', amountIn: '1' },
        deadline: String((now += 1)),
      },
    }))('key');
    await ask(client);
    await ask(client);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });
});

describe('what a deposit is held to', () => {
  it('is less by the slippage, rounded down, and never more than is shown', () => {
    expect(leastOf(['10001', '3'], 50)).toEqual(['9950', '2']);
    expect(leastOf(['7', '7'], 0)).toEqual(['7', '7']);
  });

  it('takes of the other token what the pool’s price says', () => {
    expect(otherSide('10', ['100', '50'])).toBe('5');
    expect([otherSide(null, ['1', '1']), otherSide('1', ['0', '1'])]).toEqual([null, null]);
  });
});
