/** The same on every chain of a test. */
export const CONTRACTS = {
  tokenFactory: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  liquidityManager: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  forwarder: '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0',
  checkpoint: '0xa513E6E4b8f2a923D98304ec87F64353C4D5C853',
  governance: {
    governor: '0x0165878A594ca255338adfa4d48449f69242Eb8F',
    timelock: '0x5FC8d32690cc91D4c39d9d3abcBD16989F875707',
    token: '0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9',
    clock: 'BLOCKS',
  },
} as const;
