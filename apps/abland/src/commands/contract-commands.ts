import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { AblandError } from '@abland/kernel';

interface DeployFlags {
  readonly rpc: string;
  readonly out: string;
  readonly feeRecipient?: string;
  readonly guardian?: string;
}

/** Read from the environment alone, so that it stays out of the shell's history. */
const KEY_VARIABLE = 'DEPLOYER_PRIVATE_KEY';

export class DeployerKeyError extends AblandError {
  readonly code = 'DEPLOYER_KEY_INVALID';
}

export function addContractCommands(
  program: Command,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const contracts = program.command('contracts').description('the contracts on a chain');
  contracts
    .command('deploy')
    .description(
      `deploys all contracts from the account of ${KEY_VARIABLE}, reads them back, and writes their addresses; ` +
        'governance keeps its production delays',
    )
    .requiredOption('--rpc <url>', "the chain's JSON-RPC")
    .option('--out <folder>', 'where <chain id>.json goes', 'contracts/deployments')
    .option('--fee-recipient <address>', 'who gets fees (default: the timelock)')
    .option('--guardian <address>', 'who may pause (default: the deployer)')
    .action((flags: DeployFlags) => deploy(flags, env[KEY_VARIABLE]));
}

async function deploy(flags: DeployFlags, key: string | undefined): Promise<void> {
  const { JsonRpcProvider, NonceManager, Wallet } = await import('ethers');
  const { deployContracts } = await import('@abland/contracts');
  if (key === undefined || !/^0x[0-9a-fA-F]{64}$/.test(key)) {
    throw new DeployerKeyError(`${KEY_VARIABLE} must be set to 0x and 64 hexadecimal digits`);
  }
  const provider = new JsonRpcProvider(flags.rpc, undefined, { pollingInterval: 500 });
  try {
    const network = await provider.getNetwork();
    const deployer = new Wallet(key, provider);
    process.stderr.write(`deploying to chain ${network.chainId} from ${deployer.address}\n`);
    const deployment = await deployContracts(new NonceManager(deployer), {
      ...(flags.feeRecipient === undefined ? {} : { feeRecipient: flags.feeRecipient }),
      ...(flags.guardian === undefined ? {} : { guardian: flags.guardian }),
    });
    const file = join(flags.out, `${deployment.chainId}.json`);
    await mkdir(flags.out, { recursive: true });
    await writeFile(file, `${JSON.stringify(deployment, null, 2)}\n`);
    process.stderr.write(`verified; written to ${file}\n`);
    // What the programs want of it, ready to be put into their environment.
    process.stdout.write(`CHAIN_RPC_URLS=${flags.rpc}\n`);
    process.stdout.write(`CHAIN_ID=${deployment.chainId}\nCHAIN_START_BLOCK=${deployment.blockNumber}\n`);
    process.stdout.write(`TOKEN_FACTORY_ADDRESS=${deployment.tokenFactory}\n`);
    process.stdout.write(`LIQUIDITY_MANAGER_ADDRESS=${deployment.liquidityManager}\n`);
    process.stdout.write(`FORWARDER_ADDRESS=${deployment.forwarder}\n`);
    process.stdout.write(`GOVERNANCE_ADDRESS=${deployment.governance}\n`);
    process.stdout.write(`TIMELOCK_ADDRESS=${deployment.timelock}\n`);
    process.stdout.write(`GOVERNANCE_TOKEN_ADDRESS=${deployment.governanceToken}\n`);
  } finally {
    provider.destroy();
  }
}
