/** Values that specifications share: who, what and when, each of the right shape. */
export const ALICE = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const BOB = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
export const RELAYER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
/** TOKEN_A < TOKEN_B. */
export const TOKEN_A = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
export const TOKEN_B = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512';
export const MANAGER = '0x0165878A594ca255338adfa4d48449f69242Eb8F';
export const FACTORY = '0x5FC8d32690cc91D4c39d9d3abcBD16989F875707';
export const TOKEN_C = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0';

const hash = (digit: string): string => `0x${digit.repeat(64)}`;
export const POOL_ID = hash('a');
export const OTHER_POOL_ID = hash('b');
export const INPUT_HASH = hash('1');
export const OTHER_INPUT_HASH = hash('2');
export const TX_1 = hash('3');
export const TX_2 = hash('4');
export const BLOCK_1 = hash('5');
export const BLOCK_2 = hash('6');

export const ID = '00000000-0000-4000-8000-000000000001';
export const OTHER_ID = '00000000-0000-4000-8000-000000000002';
export const THIRD_ID = '00000000-0000-4000-8000-000000000003';

export const NOW = '2026-01-01T12:00:00.000Z';
export const LATER = '2026-01-01T12:10:00.000Z';
export const DEADLINE = '2026-01-01T12:30:00.000Z';
export const AFTER_DEADLINE = '2026-01-01T12:30:01.000Z';

export const CHAIN = 31337;
export const OTHER_CHAIN = 31338;

/** The header of ALICE's WALLET request to CHAIN, given NOW. */
export const HEADER = {
  commandId: ID,
  chainId: CHAIN,
  requester: ALICE,
  execution: 'WALLET',
  inputHash: INPUT_HASH,
  requestedAt: NOW,
  deadline: DEADLINE,
} as const;

export const MINED = { txHash: TX_1, blockNumber: 7, blockHash: BLOCK_1 } as const;
/** The same transaction, mined again after a reorg. */
export const MINED_AGAIN = { txHash: TX_1, blockNumber: 8, blockHash: BLOCK_2 } as const;
/** Another transaction. */
export const MINED_OTHER = { txHash: TX_2, blockNumber: 9, blockHash: BLOCK_2 } as const;
