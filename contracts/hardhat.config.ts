import { createRequire } from 'node:module';
import hardhatEthers from '@nomicfoundation/hardhat-ethers';
import hardhatEthersChaiMatchers from '@nomicfoundation/hardhat-ethers-chai-matchers';
import hardhatMocha from '@nomicfoundation/hardhat-mocha';
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers';
import { defineConfig } from 'hardhat/config';

// The compiler comes with npm install, so that building needs no download.
const compiler = createRequire(import.meta.url).resolve('solc/soljson.js');

// Fixed, so that a failure is found again.
const SEED = '0xab1a4d';

// Code built for coverage lies apart, so that neither build throws the other's away.
const BUILD_FOLDERS = process.argv.includes('--coverage')
  ? { artifacts: 'cache/coverage/artifacts', cache: 'cache/coverage' }
  : {};

// The tests spread every amount over all bit lengths themselves; values gathered from storage and code add nothing to
// that and cost a fifth of the time.
const NO_HARVEST = { includeStorage: false, includePushBytes: false };

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatMocha, hardhatNetworkHelpers],
  paths: {
    ...BUILD_FOLDERS,
    sources: ['interfaces', 'tokens', 'liquidity', 'forwarder', 'governance', 'checkpoint'],
    tests: { solidity: 'test/solidity', mocha: 'test/typescript' },
  },
  test: {
    mocha: { forbidOnly: true, forbidPending: true, timeout: 300_000 },
    solidity: {
      // A tenth beside all other tests, the whole in CI and by itself, ten times as much on demand.
      profiles: {
        brief: {
          fuzz: { runs: 10_000, seed: SEED, ...NO_HARVEST },
          invariant: { runs: 20, depth: 1_000, failOnRevert: true, ...NO_HARVEST },
        },
        default: {
          fuzz: { runs: 100_000, seed: SEED, ...NO_HARVEST },
          invariant: { runs: 200, depth: 1_000, failOnRevert: true, ...NO_HARVEST },
        },
        deep: {
          fuzz: { runs: 1_000_000, seed: SEED, ...NO_HARVEST },
          invariant: { runs: 2_000, depth: 1_000, failOnRevert: true, ...NO_HARVEST },
        },
      },
    },
  },
  solidity: {
    version: '0.8.37',
    path: compiler,
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 100_000 },
      outputSelection: { '*': { '*': ['storageLayout', 'devdoc', 'userdoc'] } },
    },
  },
});
