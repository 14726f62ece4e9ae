import { createConfig, factory } from 'ponder';
import { http } from 'viem';
import { factoryAbi, managerAbi, tokenAbi } from './abis';
import { chainId, factoryAddress, managerAddress, rpcUrl } from './deployment';

const tokens = factory({ address: factoryAddress, event: factoryAbi[0], parameter: 'tokenAddress' });

export default createConfig({
  networks: {
    history: { chainId, transport: http(rpcUrl), pollingInterval: 100, maxRequestsPerSecond: 100_000 },
  },
  contracts: {
    Factory: { network: 'history', abi: factoryAbi, address: factoryAddress, startBlock: 0 },
    Token: { network: 'history', abi: tokenAbi, address: tokens, startBlock: 0 },
    Manager: { network: 'history', abi: managerAbi, address: managerAddress, startBlock: 0 },
  },
});
