import { Wallet, type Provider } from 'ethers';
import {
  continuedPlan,
  deploymentOptions,
  deploymentRecord,
  estimateGas,
  executePlan,
  networkOf,
  recordedTransactions,
  requireBlockTimes,
  requireChain,
  requireOpcodes,
  verifyPlan,
  type DeployedContract,
  type DeploymentPlan,
  type DeploymentRecord,
} from '@abland/contracts';
import { AblandError } from '@abland/kernel';
import { givenText } from '@abland/platform';
import { environmentLines } from './environment-lines.js';
import { RecordFile } from './record-file.js';
import { openProvider } from '../../provider/open-provider.js';
import { say } from '../../terminal/say.js';

export interface DeployFlags {
  readonly network: string;
  readonly rpc: string;
  readonly out: string;
  readonly dryRun?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Read from the environment alone, or a file that it names, so that it stays out of the shell's history. */
const KEY_VARIABLE = 'DEPLOYER_PRIVATE_KEY';

export class DeployerKeyError extends AblandError {
  readonly code = 'DEPLOYER_KEY_INVALID';
}

const tell = (line: string): boolean => process.stderr.write(`${line}\n`);

/** Deploys what is not deployed yet, reads everything back, and prints the environment that the programs want. */
export async function deploy(flags: DeployFlags, env: Environment): Promise<void> {
  const network = networkOf(flags.network);
  const options = deploymentOptions(network, env);
  const provider = await openProvider(flags.rpc, { pollingInterval: 500 });
  try {
    const chainId = requireChain(network, env, (await provider.getNetwork()).chainId);
    await requireOpcodes(provider);
    const deployer = new Wallet(deployerKey(env), provider);
    const file = new RecordFile(flags.out, chainId);
    const begun = await file.read();
    const nonce = await provider.getTransactionCount(deployer.address, 'pending');
    const plan = continuedPlan(begun, network.name, deployer.address, nonce, options);
    if (!network.minesOnDemand)
      await requireBlockTimes(provider, plan.options.governance, Date.now() / 1_000);
    tell(
      `${network.name}, chain ${chainId}, from ${deployer.address}, nonces ${plan.firstNonce} to ${plan.firstNonce + plan.contracts.length - 1}`,
    );
    if (begun !== null) tell(`goes on with ${file.path}`);
    if (flags.dryRun === true) return await describePlan(provider, plan);

    const deployed: DeployedContract[] = [];
    const record = (status: DeploymentRecord['status']): DeploymentRecord =>
      deploymentRecord(network.name, chainId, plan, deployed, status);
    if (begun === null) await file.write(record('unfinished'));
    await executePlan(deployer, plan, {
      confirmations: network.confirmations,
      known: recordedTransactions(begun),
      onDeployed: async (contract, isNew) => {
        deployed.push(contract);
        await file.write(record('unfinished'));
        tell(`${contract.name} ${isNew ? 'deployed' : 'found'} at ${contract.address}`);
      },
    });
    await verifyPlan(provider, plan);
    await file.write(record('complete'));
    await file.writeStandardInput();
    tell(
      `verified: code, owners, roles and parameters; written to ${file.path}, sources to ${file.inputPath}`,
    );
    printEnvironment(flags.rpc, record('complete'));
  } finally {
    provider.destroy();
  }
}

function deployerKey(env: Environment): string {
  const { text: key } = givenText(env, KEY_VARIABLE);
  if (key !== undefined && /^0x[0-9a-fA-F]{64}$/.test(key)) return key;
  throw new DeployerKeyError(`${KEY_VARIABLE} must be set to 0x and 64 hexadecimal digits`);
}

/** Sends nothing. */
async function describePlan(provider: Provider, plan: DeploymentPlan): Promise<void> {
  let total = 0n;
  for (const planned of plan.contracts) {
    const isThere = (await provider.getCode(planned.address)) !== '0x';
    const { gas, isLeast } = await estimateGas(provider, plan.deployer, planned);
    if (!isThere) total += gas;
    const cost = isThere ? 'there already' : `${isLeast ? 'at least ' : ''}${gas} gas`;
    say(`${planned.nonce} ${planned.name} at ${planned.address}: ${cost}`);
    say(`    (${planned.args.map(String).join(', ')})`);
  }
  say(`about ${total} gas in all; nothing was sent`);
}

/** What the programs want of it, ready to be put into their environment. */
function printEnvironment(rpc: string, { chainId, blockNumber, addresses }: DeploymentRecord): void {
  const told = { rpc, chainId, startBlock: blockNumber, addresses, governanceClock: 'seconds' } as const;
  for (const line of environmentLines(told)) say(line);
}
