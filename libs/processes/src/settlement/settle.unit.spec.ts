import { describe, expect, it } from '@jest/globals';
import { requestStream } from '@abland/domain';
import { silentLogger } from '@abland/kernel';
import {
  confirmed,
  everythingIn,
  follow,
  NOTHING_INGESTED,
  record,
  streams,
  types,
} from './following.fixture.js';
import { Ledger } from './ledger.js';
import { SettlementReader } from './settlement-reader.js';
import { settle } from './settle.js';
import {
  additionRequested,
  BOB,
  CHAIN_ID,
  deactivationRequested,
  failed,
  finalized,
  forwardExecuted,
  hash,
  id,
  ingested,
  liquidityAdded,
  poolOpened,
  poolRequested,
  RELAYER,
  reverted,
  said,
  signedByRelayer,
  signedSwap,
  submitted,
  swapped,
  swapRequested,
  type Told,
  tokenCreated,
  tokenDeactivated,
  tokenRequested,
} from './story.fixture.js';

describe('an outcome that names its command', () => {
  const place = { block: 'b', tx: 't', names: 'swap' };

  it('confirms the request with the fact and its place', async () => {
    const story = [swapRequested('swap'), swapped(place)];
    expect(await follow(await record(story))).toMatchObject([
      {
        stream: requestStream(id('swap')),
        type: 'ConfirmRequest',
        command: {
          chainId: CHAIN_ID,
          mined: { txHash: hash('t'), blockNumber: 10, blockHash: hash('b') },
          fact: { type: 'Swap', data: { amountOut: '940' } },
          before: [],
        },
      },
    ]);
  });

  it.each([
    ['another user', { user: BOB }],
    ['another amount', { amountIn: '1001' }],
    ['less than the minimum', { amountOut: '899' }],
  ])('is ignored where it is of %s', async (_what, change) => {
    expect(await types(swapRequested('swap'), swapped(place, change))).toEqual([]);
  });

  it('is ignored where nobody gave such a command', async () => {
    expect(await types(swapped({ block: 'b', tx: 't', names: 'nothing' }))).toEqual([]);
  });

  it('is ignored where the command asks for something else', async () => {
    expect(await types(additionRequested('swap'), swapped(place))).toEqual([]);
  });

  it('does not settle another request that told its transaction', async () => {
    const story = [swapRequested('swap'), swapRequested('other'), submitted('other', 't'), swapped(place)];
    expect(await confirmed(...story)).toEqual(streams('swap'));
  });

  it('passes over the logs of its transaction that are not the request', async () => {
    const other = swapped({ ...place, logIndex: 1 }, { amountIn: '5' });
    const story = [swapRequested('swap'), other, swapped({ ...place, logIndex: 2 })];
    expect(await types(...story)).toEqual(['ConfirmRequest']);
  });

  it('confirms once, whatever else its transaction does', async () => {
    const again = swapped({ ...place, logIndex: 1 });
    expect(await types(swapRequested('swap'), swapped(place), again)).toEqual(['ConfirmRequest']);
  });

  it.each(['RequestFailed', 'RequestExpired', 'RequestReverted'] as const)(
    'stands also after %s',
    async (type) => {
      const story = [swapRequested('swap'), said('swap', type), swapped(place)];
      expect(await types(...story)).toEqual(['ConfirmRequest']);
    },
  );
});

describe('an outcome that names no command', () => {
  const fact = swapped({ block: 'b', tx: 't' });

  it('confirms the request that told its transaction before', async () => {
    const story = [swapRequested('swap'), submitted('swap', 't'), fact];
    expect(await types(...story)).toEqual(['ConfirmRequest']);
  });

  it('confirms the request that tells its transaction later', async () => {
    const story = [swapRequested('swap'), fact, submitted('swap', 't')];
    expect(await types(...story)).toEqual(['ConfirmRequest']);
  });

  it('confirms and finalizes the request that tells its transaction after its block was final', async () => {
    const story = [swapRequested('swap'), fact, finalized(10), submitted('swap', 't')];
    expect(await types(...story)).toEqual(['ConfirmRequest', 'FinalizeRequest']);
  });

  it('is found for a request that was retracted meanwhile and tells another transaction', async () => {
    const first = swapped({ block: 'c', number: 11, tx: 'u', names: 'swap' });
    const story = [swapRequested('swap'), first, fact, reverted('c', 11), submitted('swap', 't')];
    expect(await types(...story)).toEqual(['ConfirmRequest', 'RetractRequest', 'ConfirmRequest']);
  });

  it('is found for a request that had expired, was carried out, retracted, and tells another transaction', async () => {
    const first = swapped({ block: 'c', number: 11, tx: 'u', names: 'swap' });
    const before = [swapRequested('swap'), said('swap', 'RequestExpired'), fact, first];
    const story = [...before, reverted('c', 11), submitted('swap', 't')];
    expect(await types(...story)).toEqual(['ConfirmRequest', 'RetractRequest', 'ConfirmRequest']);
  });

  it('answers no request that was made after it', async () => {
    expect(await types(fact, swapRequested('swap'), submitted('swap', 't'))).toEqual([]);
    const earlier = [swapRequested('earlier'), fact];
    expect(await types(...earlier, swapRequested('swap'), submitted('swap', 't'))).toEqual([]);
  });

  it('confirms one request only, though two tell the same transaction', async () => {
    const requests = [swapRequested('one'), swapRequested('other')];
    const submissions = [submitted('one', 't'), submitted('other', 't')];
    expect(await confirmed(...requests, fact, ...submissions)).toEqual(streams('one'));
    expect(await confirmed(...requests, ...submissions, fact)).toEqual(streams('one'));
    const [one, other] = submissions as [Told, Told];
    expect(await confirmed(...requests, one, fact, other)).toEqual(streams('one'));
    expect(await confirmed(...requests, other, fact, one)).toEqual(streams('other'));
  });

  it('confirms as many requests as its transaction has facts', async () => {
    const requests = [swapRequested('one'), swapRequested('other')];
    const facts = [fact, swapped({ block: 'b', tx: 't', logIndex: 1 })];
    const submissions = [submitted('one', 't'), submitted('other', 't')];
    expect(await confirmed(...requests, ...facts, ...submissions)).toEqual(streams('one', 'other'));
    expect(await confirmed(...requests, ...submissions, ...facts)).toEqual(streams('one', 'other'));
  });

  it('is left to the request that it fits', async () => {
    const requests = [swapRequested('of bob', { user: BOB }), swapRequested('of alice')];
    const submissions = [submitted('of bob', 't'), submitted('of alice', 't')];
    expect(await confirmed(...requests, fact, ...submissions)).toEqual(streams('of alice'));
  });

  it('is forgotten with its block, and found again where the block comes back', async () => {
    const story = [swapRequested('swap'), fact, reverted('b', 10)];
    expect(await types(...story, submitted('swap', 't'))).toEqual([]);
    const again = swapped({ block: 'b', tx: 't', returned: 1 });
    expect(await types(...story, again, submitted('swap', 't'))).toEqual(['ConfirmRequest']);
  });

  it.each([
    ['a token', tokenRequested('asked'), [tokenCreated({ block: 'b', tx: 't' })]],
    ['a deactivation', deactivationRequested('asked'), [tokenDeactivated({ block: 'b', tx: 't' })]],
    ['a pool', poolRequested('asked'), poolOpened({ block: 'b', tx: 't' })],
    ['a deposit', additionRequested('asked'), [liquidityAdded({ block: 'b', tx: 't' })]],
    ['a failure', swapRequested('asked'), [failed({ block: 'b', tx: 't' })]],
  ])('is found for %s whenever its transaction is told', async (what, request, facts) => {
    const outcome = [what === 'a failure' ? 'RevertRequest' : 'ConfirmRequest'];
    expect(await types(request, submitted('asked', 't'), ...facts)).toEqual(outcome);
    expect(await types(request, ...facts, submitted('asked', 't'))).toEqual(outcome);
  });
});

describe('an outcome that names a command which nobody gave', () => {
  const fact = swapped({ block: 'b', tx: 't', names: 'nothing' });

  it('confirms the request that told its transaction, before or later', async () => {
    const request = swapRequested('swap');
    expect(await types(request, submitted('swap', 't'), fact)).toEqual(['ConfirmRequest']);
    expect(await types(request, fact, submitted('swap', 't'))).toEqual(['ConfirmRequest']);
  });

  it('confirms none of another user, though that told its transaction', async () => {
    expect(await types(swapRequested('swap', { user: BOB }), submitted('swap', 't'), fact)).toEqual([]);
  });
});

describe('a fact that is kept', () => {
  const keptOf = async (...story: readonly Told[]): Promise<number> => {
    const store = await record(story);
    const ledger = new Ledger([], NOTHING_INGESTED);
    const context = { chainId: CHAIN_ID, log: new SettlementReader(store, CHAIN_ID), logger: silentLogger };
    for await (const page of store.readAll()) for (const event of page) await settle(ledger, event, context);
    return everythingIn(ledger).reduce((sum, { facts }) => sum + facts.length, 0);
  };
  const fact = swapped({ block: 'b', tx: 't' });

  it('is one that a request of its user waits for', async () => {
    expect(await keptOf(swapRequested('swap'), fact)).toBe(1);
  });

  it.each([
    ['nobody asked for anything', [fact]],
    ['its user asked for something else', [additionRequested('asked'), fact]],
    [
      'its user asked for another amount',
      [swapRequested('swap'), swapped({ block: 'b', tx: 't' }, { amountIn: '5' })],
    ],
    ['another asked', [swapRequested('swap', { user: BOB }), fact]],
    [
      'it names a command',
      [
        swapRequested('swap'),
        swapRequested('other', { user: BOB }),
        swapped({ block: 'b', tx: 't', names: 'other' }),
      ],
    ],
    [
      'the request was executed by another',
      [...signedSwap('swap'), fact, forwardExecuted({ block: 'b', tx: 't', logIndex: 1 })],
    ],
    ['the request told its transaction', [swapRequested('swap'), submitted('swap', 't'), fact]],
    ['its request was settled', [swapRequested('swap'), fact, submitted('swap', 't'), finalized(10)]],
  ])('is none where %s', async (_what, story) => {
    expect(await keptOf(...story)).toBe(0);
  });

  it('is bounded for each request', async () => {
    const facts = Array.from({ length: 100 }, (_, logIndex) => swapped({ block: 'b', tx: 't', logIndex }));
    expect(await keptOf(swapRequested('swap'), ...facts)).toBe(64);
  });
});

describe('a pool', () => {
  const place = { block: 'b', tx: 't', names: 'pool' };

  it('is created by its creation and the first deposit in one transaction', async () => {
    const story = [poolRequested('pool'), ...poolOpened(place)];
    expect(await follow(await record(story))).toMatchObject([
      {
        type: 'ConfirmRequest',
        command: {
          fact: { type: 'LiquidityAdded', data: { amountA: '5000' } },
          before: [{ type: 'PoolCreated' }, { type: 'LiquidityAdded' }],
        },
      },
    ]);
  });

  it('is not created by a deposit into a pool that another created', async () => {
    const opened = poolOpened({ block: 'a', tx: 'before' });
    expect(await types(poolRequested('pool'), ...opened, liquidityAdded(place))).toEqual([]);
  });
});

describe('a transaction that failed', () => {
  it('reverts the request that its caller sent', async () => {
    const story = [swapRequested('swap'), failed({ block: 'b', tx: 't', names: 'swap' })];
    expect(await types(...story)).toEqual(['RevertRequest']);
  });

  it('says nothing of a request that another sent', async () => {
    const fact = failed({ block: 'b', tx: 't', names: 'swap' }, BOB);
    expect(await types(swapRequested('swap'), fact)).toEqual([]);
    expect(await types(swapRequested('swap', { execution: 'RELAYED' }), fact)).toEqual([]);
  });

  it('of our sender is told before the request is reverted, though its submission was not', async () => {
    const request = swapRequested('swap', { execution: 'RELAYED' });
    const fact = failed({ block: 'b', tx: 't', names: 'swap' }, RELAYER);
    expect(await types(request, signedByRelayer('swap', 't'), fact)).toEqual([
      'SubmitRequest',
      'RevertRequest',
    ]);
  });

  it('changes nothing after another did what was asked', async () => {
    const done = swapped({ block: 'b', tx: 't', names: 'swap' });
    const story = [swapRequested('swap'), done, failed({ block: 'b', tx: 'u', names: 'swap' })];
    expect(await types(...story)).toEqual(['ConfirmRequest']);
  });

  it('gives way to another that does what was asked', async () => {
    const done = swapped({ block: 'b', tx: 'u', names: 'swap' });
    const story = [swapRequested('swap'), failed({ block: 'b', tx: 't', names: 'swap' }), done];
    expect(await types(...story)).toEqual(['RevertRequest', 'ConfirmRequest']);
  });

  it('is taken back with its block', async () => {
    const story = [swapRequested('swap'), failed({ block: 'b', tx: 't', names: 'swap' }), reverted('b', 10)];
    expect(await types(...story)).toEqual(['RevertRequest', 'RetractRequest']);
  });
});

describe('finality', () => {
  const story = [swapRequested('swap'), swapped({ block: 'b', tx: 't', names: 'swap' })];

  it('finalizes a confirmed request once', async () => {
    expect(await types(...story, finalized(9), finalized(10), finalized(11))).toEqual([
      'ConfirmRequest',
      'FinalizeRequest',
    ]);
  });

  it('leaves nothing to be said of a request', async () => {
    const after = [
      said('swap', 'RequestConfirmed'),
      said('swap', 'RequestFinalized'),
      submitted('swap', 'u'),
    ];
    const again = swapped({ block: 'c', number: 11, tx: 'u', names: 'swap' });
    expect(await types(...story, finalized(10), ...after, again, finalized(11))).toEqual([
      'ConfirmRequest',
      'FinalizeRequest',
    ]);
  });
});

describe('a reorg', () => {
  const request = swapRequested('swap');
  const fact = swapped({ block: 'b', tx: 't', names: 'swap' });
  const again = swapped({ block: 'b2', tx: 't', names: 'swap' });

  it('retracts what was confirmed in its blocks, and the next block confirms it again', async () => {
    expect(await types(request, fact, reverted('b', 10), again, finalized(10))).toEqual([
      'ConfirmRequest',
      'RetractRequest',
      'ConfirmRequest',
      'FinalizeRequest',
    ]);
  });

  it('leaves alone what was confirmed in other blocks', async () => {
    expect(await types(request, fact, reverted('a', 10))).toEqual(['ConfirmRequest']);
  });

  it('confirms again what is in a block that comes back', async () => {
    const returned = swapped({ block: 'b', tx: 't', names: 'swap', returned: 1 });
    const story = [request, fact, reverted('b', 10), returned, ingested('b', 10)];
    expect(await types(...story)).toEqual(['ConfirmRequest', 'RetractRequest', 'ConfirmRequest']);
  });

  it('below finality makes nothing of the new branch final before its own blocks are', async () => {
    const taken = [request, finalized(12), reverted('c', 11), reverted('b', 10), again];
    expect(await types(...taken)).toEqual(['ConfirmRequest']);
    expect(await types(...taken, finalized(10))).toEqual(['ConfirmRequest', 'FinalizeRequest']);
  });

  it('does not finalize what it retracted', async () => {
    const story = [request, fact, reverted('b', 10), said('swap', 'RequestConfirmed'), finalized(10)];
    expect(await types(...story)).toEqual(['ConfirmRequest', 'RetractRequest']);
  });
});

describe('a token', () => {
  const place = { block: 'b', tx: 't', names: 'token' };

  it('is deployed by the creation that names it, by its creator', async () => {
    expect(await types(tokenRequested('token'), tokenCreated(place))).toEqual(['ConfirmRequest']);
    expect(await types(tokenRequested('token'), tokenCreated(place, BOB))).toEqual([]);
  });

  it('is deactivated by the transaction that its request names', async () => {
    const fact = tokenDeactivated({ block: 'c', tx: 'u', names: 'deactivation' });
    expect(await types(deactivationRequested('deactivation'), fact)).toEqual(['ConfirmRequest']);
  });
});

it('says the same wherever a story is cut into batches', async () => {
  const place = { block: 'b', tx: 'pool' };
  const chain = (block: string): readonly Told[] => [
    ...poolOpened({ ...place, block }),
    swapped({ block, tx: 'one', names: 'named' }),
    swapped({ block, tx: 'two' }),
    swapped({ block, tx: 'of another', names: 'nothing' }),
    forwardExecuted({ block, tx: 'of another', logIndex: 1 }),
    failed({ block, tx: 'three', names: 'relayed' }, RELAYER),
    ingested(block, 10),
  ];
  const story = [
    poolRequested('pool'),
    swapRequested('named'),
    swapRequested('told'),
    swapRequested('relayed', { execution: 'RELAYED' }),
    signedByRelayer('relayed', 'three'),
    ...signedSwap('signed'),
    ...chain('b'),
    submitted('told', 'two'),
    said('named', 'RequestConfirmed'),
    submitted('pool', 'pool'),
    finalized(9),
    reverted('b', 10),
    said('told', 'RequestRetracted'),
    ...chain('b2'),
    finalized(10),
  ];
  const store = await record(story);
  const whole = await follow(store);
  expect(whole.map(({ type }) => type)).toContain('RetractRequest');
  expect(whole.filter(({ type }) => type === 'FinalizeRequest')).toHaveLength(4);
  for (let cut = 1; cut < story.length; cut += 1) expect(await follow(store, [cut])).toEqual(whole);
  expect(await follow(store, [...story.keys()])).toEqual(whole);
});
