import type { Swap } from '../chain/facts.js';
import type { SwapTerms } from '../pool/swap.js';
import type { RequestEvent } from '../request-decider.js';
import {
  AFTER_DEADLINE,
  ALICE,
  BLOCK_1,
  CHAIN,
  HEADER,
  ID,
  MANAGER,
  MINED,
  POOL_ID,
  TOKEN_A,
  TOKEN_B,
  TX_1,
} from '../testing/samples.fixture.js';

/** The way of a request, told with a swap: it is the same for every kind. */
const REQUEST = { commandId: ID, chainId: CHAIN } as const;
export const terms: SwapTerms = {
  poolId: POOL_ID,
  tokenIn: TOKEN_A,
  tokenOut: TOKEN_B,
  amountIn: '1000',
  amountOutMin: '950',
  amountOutQuoted: '990',
};
export const requested: RequestEvent = {
  type: 'SwapRequested',
  version: 1,
  data: { ...HEADER, terms },
};
export const relayed: RequestEvent = {
  type: 'SwapRequested',
  version: 1,
  data: { ...HEADER, execution: 'RELAYED', terms },
};
export const submitted = (txHash = TX_1): RequestEvent => ({
  type: 'RequestSubmitted',
  version: 1,
  data: { ...REQUEST, txHash },
});
export const confirmed = (
  mined: { txHash: string; blockNumber: number; blockHash: string } = MINED,
): RequestEvent => ({
  type: 'RequestConfirmed',
  version: 1,
  data: { ...REQUEST, ...mined, outcome: { kind: 'SWAP', amountIn: '1000', amountOut: '980' } },
});
export const finalized: RequestEvent = {
  type: 'RequestFinalized',
  version: 1,
  data: { ...REQUEST, blockNumber: MINED.blockNumber },
};
export const failed: RequestEvent = {
  type: 'RequestFailed',
  version: 1,
  data: { ...REQUEST, code: 'REFUSED_BY_SIMULATION', reason: 'No' },
};
export const expired: RequestEvent = {
  type: 'RequestExpired',
  version: 1,
  data: { ...REQUEST, at: AFTER_DEADLINE },
};
export const reverted = (
  mined: { txHash: string; blockNumber: number; blockHash: string } = MINED,
  reason: string | null = 'DeadlineExpired',
): RequestEvent => ({ type: 'RequestReverted', version: 1, data: { ...REQUEST, ...mined, reason } });
export const retracted: RequestEvent = {
  type: 'RequestRetracted',
  version: 1,
  data: { ...REQUEST, txHash: TX_1, blockHash: BLOCK_1 },
};

export const swapFact: Swap = {
  type: 'Swap',
  version: 1,
  data: {
    contract: MANAGER,
    user: ALICE,
    poolId: POOL_ID,
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: '1000',
    amountOut: '980',
  },
};
export const confirm = {
  type: 'ConfirmRequest',
  chainId: CHAIN,
  mined: MINED,
  fact: swapFact,
  before: [],
} as const;
export const submit = { type: 'SubmitRequest', txHash: TX_1, by: ALICE } as const;
export const finalize = { type: 'FinalizeRequest', finalizedTo: MINED.blockNumber } as const;
export const fail = { type: 'FailRequest', code: 'REFUSED_BY_SIMULATION', reason: 'No' } as const;
export const expire = { type: 'ExpireRequest', at: AFTER_DEADLINE, clock: 'CHAIN' } as const;
export const revert = {
  type: 'RevertRequest',
  chainId: CHAIN,
  mined: MINED,
  sender: ALICE,
  reason: 'DeadlineExpired',
} as const;
export const retract = { type: 'RetractRequest', blockHashes: [BLOCK_1] } as const;
