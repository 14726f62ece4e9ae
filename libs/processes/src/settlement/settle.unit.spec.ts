import { describe, expect, it } from '@jest/globals';
import { orderStream, poolStream, tokenStream } from '@abland/domain';
import { silentLogger } from '@abland/kernel';
import { Ledger } from './ledger.js';
import { settle } from './settle.js';
import {
  BOB,
  deactivationRequested,
  failed,
  finalized,
  hash,
  id,
  ingested,
  liquidityAdded,
  orderSubmitted,
  poolCreated,
  poolRequested,
  recorded,
  RELAYER,
  reverted,
  signedByRelayer,
  swapped,
  swapRequested,
  type Told,
  told,
  tokenCreated,
  tokenDeactivated,
  tokenRequested,
  TOKEN_A,
  ZERO_ADDRESS,
} from './story.fixture.js';

/** Types of the commands that follow from a story, each with its stream. */
function follow(...story: readonly Told[]): { stream: string; type: string; command: object }[] {
  const ledger = new Ledger({
    requests: [],
    facts: [],
    progress: { headTime: null, finalizedNumber: null },
    revertedBlocks: [],
  });
  return story.flatMap((event, index) =>
    settle(ledger, recorded(event, index + 1), silentLogger).map(({ stream, type, command }) => ({
      stream,
      type,
      command,
    })),
  );
}

const types = (...story: readonly Told[]): string[] => follow(...story).map(({ type }) => type);

const orderConfirmed = (name: string, tx: string, block: string, blockNumber = 10): Told =>
  told(
    orderStream(id(name)),
    'OrderConfirmed',
    {
      orderId: id(name),
      txHash: hash(tx),
      blockNumber,
      blockHash: hash(block),
      result: { kind: 'SWAP', amountIn: '1000', amountOut: '940' },
    },
    `${name} confirmed in ${block}`,
  );

const tokenDeployed = (name: string, tx: string, block: string): Told =>
  told(tokenStream(id(name)), 'TokenDeployed', {
    tokenId: id(name),
    tokenAddress: TOKEN_A,
    txHash: hash(tx),
    blockNumber: 10,
    blockHash: hash(block),
  });

describe('an outcome that names its command', () => {
  it('confirms the order with what was traded', () => {
    const commands = follow(swapRequested('order'), swapped({ block: 'b', tx: 't', names: 'order' }));
    expect(commands).toMatchObject([
      {
        stream: orderStream(id('order')),
        type: 'ConfirmOrder',
        command: { txHash: hash('t'), blockNumber: 10, fact: { kind: 'SWAP', amountOut: 940n } },
      },
    ]);
  });

  it.each([
    ['another user', { user: BOB }],
    ['another amount', { amountIn: '1001' }],
    ['less than the minimum', { amountOut: '899' }],
  ])('is ignored where it is of %s', (_what, change) => {
    expect(types(swapRequested('order'), swapped({ block: 'b', tx: 't', names: 'order' }, change))).toEqual(
      [],
    );
  });

  it('is ignored where nobody gave such a command', () => {
    expect(types(swapped({ block: 'b', tx: 't', names: 'nothing' }))).toEqual([]);
  });

  it('does not settle another order whose submission tells its transaction', () => {
    const story = [swapRequested('one'), swapRequested('other'), orderSubmitted('other', hash('t'))];
    const commands = follow(...story, swapped({ block: 'b', tx: 't', names: 'one' }));
    expect(commands.map(({ stream }) => stream)).toEqual([orderStream(id('one'))]);
  });

  it('passes over the logs of its transaction that are not the order', () => {
    const place = { block: 'b', tx: 't', names: 'order' };
    const other = swapped({ ...place, logIndex: 1 }, { amountIn: '5' });
    expect(types(swapRequested('order'), other, swapped({ ...place, logIndex: 2 }))).toEqual([
      'ConfirmOrder',
    ]);
  });
});

describe('an outcome that names no command', () => {
  const fact = swapped({ block: 'b', tx: 't' });

  it('confirms the order whose submission told its transaction before', () => {
    expect(types(swapRequested('order'), orderSubmitted('order', hash('t')), fact)).toEqual(['ConfirmOrder']);
  });

  it('confirms the order whose submission tells its transaction later', () => {
    expect(types(swapRequested('order'), fact, orderSubmitted('order', hash('t')))).toEqual(['ConfirmOrder']);
  });

  it('confirms one order only, though two tell the same transaction', () => {
    const orders = [swapRequested('one'), swapRequested('other')];
    const submissions = [orderSubmitted('one', hash('t')), orderSubmitted('other', hash('t'))];
    expect(types(...orders, fact, ...submissions)).toEqual(['ConfirmOrder']);
    expect(types(...orders, ...submissions, fact)).toEqual(['ConfirmOrder']);
  });

  it('is left to the order that it fits', () => {
    const orders = [swapRequested('of bob', { user: BOB }), swapRequested('of alice')];
    const submissions = [orderSubmitted('of bob', hash('t')), orderSubmitted('of alice', hash('t'))];
    const commands = follow(...orders, fact, ...submissions);
    expect(commands.map(({ stream }) => stream)).toEqual([orderStream(id('of alice'))]);
  });

  it('is forgotten with its block', () => {
    const story = [swapRequested('order'), fact, reverted('b', 10), orderSubmitted('order', hash('t'))];
    expect(types(...story)).toEqual([]);
  });
});

describe('a pool', () => {
  const place = { block: 'b', tx: 't', names: 'pool' };

  it('is deployed by its creation and the first deposit in one transaction', () => {
    const locked = liquidityAdded(
      { ...place, logIndex: 1 },
      { user: ZERO_ADDRESS, amountA: '0', amountB: '0' },
    );
    const deposit = liquidityAdded({ ...place, logIndex: 2 });
    expect(follow(poolRequested('pool'), poolCreated(place), locked, deposit)).toMatchObject([
      {
        stream: poolStream(id('pool')),
        type: 'ConfirmPoolCreation',
        command: { amountA: 5000n, amountB: 6000n },
      },
    ]);
  });

  it('is not deployed by a deposit into a pool that another created', () => {
    const created = poolCreated({ block: 'a', tx: 'before' });
    expect(types(poolRequested('pool'), created, liquidityAdded(place))).toEqual([]);
  });
});

describe('a transaction that failed', () => {
  it('reverts the order that its caller sent', () => {
    expect(types(swapRequested('order'), failed({ block: 'b', tx: 't', names: 'order' }))).toEqual([
      'RevertOrder',
    ]);
  });

  it('of our sender is told before the order is reverted, though its submission was not', () => {
    const request = swapRequested('order', { execution: 'RELAYED' });
    const fact = failed({ block: 'b', tx: 't', names: 'order' }, RELAYER);
    expect(types(request, signedByRelayer('order', hash('t')), fact)).toEqual(['SubmitOrder', 'RevertOrder']);
  });
});

describe('finality', () => {
  const confirmed = [
    swapRequested('order'),
    swapped({ block: 'b', tx: 't', names: 'order' }),
    orderConfirmed('order', 't', 'b'),
  ];

  it('finalizes a confirmed order once', () => {
    expect(types(...confirmed, finalized(9), finalized(10), finalized(11))).toEqual([
      'ConfirmOrder',
      'FinalizeOrder',
    ]);
  });

  it('finalizes an order whose confirmation is heard of after the block was final', () => {
    const [request, fact, confirmation] = confirmed as [Told, Told, Told];
    expect(types(request, fact, finalized(10), confirmation)).toEqual(['ConfirmOrder', 'FinalizeOrder']);
  });
});

describe('a reorg', () => {
  const request = swapRequested('order');
  const fact = swapped({ block: 'b', tx: 't', names: 'order' });
  const again = swapped({ block: 'b2', tx: 't', names: 'order' });

  it('retracts what was confirmed in its blocks, and the next block confirms it again', () => {
    const story = [request, fact, orderConfirmed('order', 't', 'b'), reverted('b', 10), again];
    expect(types(...story)).toEqual(['ConfirmOrder', 'RetractOrder', 'ConfirmOrder']);
  });

  it('retracts a confirmation that is heard of after it', () => {
    const story = [request, fact, reverted('b', 10), orderConfirmed('order', 't', 'b')];
    expect(types(...story)).toEqual(['ConfirmOrder', 'RetractOrder']);
  });

  it('keeps a newer confirmation when the retraction of the older one is heard of', () => {
    const retraction = told(orderStream(id('order')), 'OrderOutcomeRetracted', {
      orderId: id('order'),
      txHash: hash('t'),
      blockHash: hash('b'),
    });
    const before = [request, fact, orderConfirmed('order', 't', 'b'), reverted('b', 10), again];
    const story = [...before, retraction, orderConfirmed('order', 't', 'b2'), finalized(10)];
    expect(types(...story)).toEqual(['ConfirmOrder', 'RetractOrder', 'ConfirmOrder', 'FinalizeOrder']);
  });

  it('leaves a confirmation in a block that came back', () => {
    const story = [request, fact, reverted('b', 10), ingested('b', 10), orderConfirmed('order', 't', 'b')];
    expect(types(...story)).toEqual(['ConfirmOrder']);
  });

  it('does not finalize what it retracted', () => {
    const story = [request, fact, orderConfirmed('order', 't', 'b'), reverted('b', 10), finalized(10)];
    expect(types(...story)).toEqual(['ConfirmOrder', 'RetractOrder']);
  });
});

describe('a token', () => {
  const place = { block: 'b', tx: 't', names: 'token' };

  it('is deployed by the creation that names it, by its creator', () => {
    expect(types(tokenRequested('token'), tokenCreated(place))).toEqual(['ConfirmTokenCreation']);
    expect(types(tokenRequested('token'), tokenCreated(place, BOB))).toEqual([]);
  });

  it('is deactivated whoever brought it about, also before its deployment is heard of', () => {
    const story = [tokenRequested('token'), tokenCreated(place), tokenDeactivated({ block: 'c', tx: 'u' })];
    expect(types(...story)).toEqual(['ConfirmTokenCreation', 'ConfirmTokenDeactivation']);
  });

  it.each([
    ['that was requested', [deactivationRequested('token', 'deactivation')]],
    ['that nobody requested', []],
  ])('gets a deactivation back %s when a reorg takes its block', (_what, requests) => {
    const confirmation = told(tokenStream(id('token')), 'TokenDeactivationConfirmed', {
      tokenId: id('token'),
      txHash: hash('u'),
      blockNumber: 11,
      blockHash: hash('c'),
    });
    const deployed = [tokenRequested('token'), tokenCreated(place), tokenDeployed('token', 't', 'b')];
    const deactivated = [...requests, tokenDeactivated({ block: 'c', number: 11, tx: 'u' }), confirmation];
    expect(types(...deployed, ...deactivated, reverted('c', 11))).toEqual([
      'ConfirmTokenCreation',
      'ConfirmTokenDeactivation',
      'RetractToken',
    ]);
  });
});
