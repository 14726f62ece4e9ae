import {
  EVENT_VERSIONS,
  type PoolCommand,
  type PoolEvent,
  type PoolState,
  type PoolCreationRequested,
  poolDecider,
  poolStream,
} from '@abland/domain';
import { defineKind, minedIn, type TransactionFact } from './kind.js';

export const poolCreation = defineKind<PoolCommand, PoolState, PoolEvent>({
  decider: poolDecider,
  stream: poolStream,
  requestEvent: (terms) => ({
    type: 'PoolCreationRequested',
    version: EVENT_VERSIONS.PoolCreationRequested,
    data: terms as unknown as PoolCreationRequested['data'],
  }),
  commands: {
    /** The first deposit tells whose pool it is; that it is the first, only the pool's creation in the same transaction. */
    confirm(_request, fact, sameTransaction) {
      if (fact.type !== 'LiquidityAdded') return null;
      const { poolId, user, amountA, amountB } = fact.data;
      if (!sameTransaction.some((before) => createsPool(before, poolId))) return null;
      return {
        type: 'ConfirmPoolCreation',
        ...minedIn(fact),
        poolId,
        user,
        amountA: BigInt(amountA),
        amountB: BigInt(amountB),
      };
    },
    submit: (_request, txHash) => ({ type: 'SubmitPoolCreation', txHash, by: null }),
    revert: (_request, reverted) => ({ type: 'RevertPoolCreation', ...reverted }),
    fail: (_request, code, reason) => ({ type: 'FailPoolCreation', code, reason }),
    expire: (_request, at) => ({ type: 'ExpirePoolCreation', at }),
    retract: (_request, blockHashes) => ({ type: 'RetractPool', blockHashes }),
    finalize: () => null,
  },
});

const createsPool = (fact: TransactionFact, poolId: string): boolean =>
  fact.type === 'PoolCreated' && fact.data.poolId === poolId;
