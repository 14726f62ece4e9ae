import { type Command, Option } from 'commander';
import type { Environment } from '@abland/platform';
import type { DeployFlags } from './contracts/deploy.js';
import type { VerifyFlags } from './contracts/verify.js';

/** Its default is told by where it is from: a provider's URL may hold a key, and help is printed for everybody. */
function rpcOption(env: Environment): Option {
  const option = new Option('--rpc <url>', "the chain's JSON-RPC").makeOptionMandatory();
  const [first = ''] = env['CHAIN_RPC_URLS']?.split(',') ?? [];
  return first.trim() === '' ? option : option.default(first.trim(), 'the first of CHAIN_RPC_URLS');
}

export function addContractCommands(program: Command, env: Environment): void {
  const contracts = program.command('contracts').description('the contracts on a chain');
  contracts
    .command('deploy')
    .description(
      'deploys all contracts from the account of DEPLOYER_PRIVATE_KEY, reads them back, and writes what was deployed; ' +
        'run again after a failure, it goes on where it stopped',
    )
    .requiredOption('--network <name>', 'embedded, ab-chain-testnet or ab-chain-mainnet')
    .addOption(rpcOption(env))
    .option('--out <folder>', 'where <chain id>.json goes', 'contracts/deployments')
    .option('--dry-run', 'prints the plan, addresses and gas, and sends nothing')
    .action(async (flags: DeployFlags) => (await import('./contracts/deploy.js')).deploy(flags, env));
  contracts
    .command('verify')
    .description('compares a recorded deployment with the chain: code, owners, roles and parameters')
    .addOption(rpcOption(env))
    .requiredOption('--deployment <file>', 'the record, contracts/deployments/<chain id>.json')
    .action(async (flags: VerifyFlags) => (await import('./contracts/verify.js')).verify(flags));
}
