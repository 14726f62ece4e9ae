import { createConfig, factory } from 'ponder';

import { factoryAbi, managerAbi, tokenAbi } from './abis';
import { chainId, factoryAddress, managerAddress, rpcUrl } from './deployment';

const tokens = factory({ address: factoryAddress, event: factoryAbi[0], parameter: 'tokenAddress' });

export default createConfig({
  chains: { history: { id: chainId, rpc: rpcUrl, pollingInterval: 100 } },
  contracts: {
    Factory: { chain: 'history', abi: factoryAbi, address: factoryAddress, startBlock: 0 },
    Token: { chain: 'history', abi: tokenAbi, address: tokens, startBlock: 0 },
    Manager: { chain: 'history', abi: managerAbi, address: managerAddress, startBlock: 0 },
  },
});
