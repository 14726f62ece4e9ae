import { quantity } from '../blocks/answers.js';
import type { FollowedContracts, GovernanceContracts } from '../blocks/chain-block.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';
import { Reading } from '../rpc/reading.js';
import { askContract, type ContractFunction } from './ask-contract.js';
import { type DeploymentSetting, DeploymentUnfitError } from './errors.js';

export interface Deployment {
  readonly contracts: FollowedContracts & {
    /** Of ours, by which clients swap; it is not followed. */
    readonly router?: string | null;
  };
  /** The first block to follow. */
  readonly startBlock: number;
}

interface Expected {
  readonly setting: DeploymentSetting;
  readonly address: string;
  /** What it must name. */
  readonly names: readonly (readonly [name: ContractFunction, address: string])[];
  /** What it must answer, to be the contract that it is told to be. */
  readonly answers: readonly ContractFunction[];
}

/**
 * A chain that was never followed must have our contracts at their addresses, each with our interface, naming each other, and none
 * of them before the first block to follow: else lists would stay empty, or begin in the middle, without a word.
 * @throws DeploymentUnfitError
 * @throws RpcUnavailableError and others that may pass, where no provider says
 */
export async function requireDeployment(rpc: ChainRpc, { contracts, startBlock }: Deployment): Promise<void> {
  const expected = expectedOf(contracts);
  await requireOurs(rpc, contracts);
  if (startBlock > 0) await requireBefore(rpc, expected, startBlock);
}

/**
 * A chain that was followed up to a block must still have our contracts at the addresses, each with our interface, naming each other: of
 * others, or where two were exchanged, nothing would come any more, without a word. One whose head is below that block was put back, maybe to
 * a day before our contracts: of such a one nothing is asked.
 * @throws DeploymentUnfitError
 * @throws RpcUnavailableError and others that may pass, where no provider says
 */
export async function requireDeploymentStill(
  rpc: ChainRpc,
  contracts: Deployment['contracts'],
  followedTo: number,
): Promise<void> {
  if ((await newestBlock(rpc)) >= followedTo) await requireOurs(rpc, contracts);
}

async function requireOurs(rpc: ChainRpc, contracts: Deployment['contracts']): Promise<void> {
  const expected = expectedOf(contracts);
  await requireCode(rpc, expected);
  for (const one of expected) await requireInterface(rpc, one);
  // Facts are recorded with what their delays count, for good.
  if (contracts.governance !== null) await requireClock(rpc, contracts.governance);
}

async function requireCode(rpc: ChainRpc, expected: readonly Expected[]): Promise<void> {
  for (const { address, setting } of expected) {
    if ((await codeAt(rpc, address, 'latest')) === '0x')
      throw unfit(setting, address, 'there is no contract');
  }
}

function expectedOf(contracts: Deployment['contracts']): readonly Expected[] {
  const { governance } = contracts;
  return [...marketOf(contracts), ...(governance === null ? [] : governanceOf(governance))];
}

function marketOf(contracts: Deployment['contracts']): readonly Expected[] {
  const { checkpoint, forwarder, liquidityManager, router = null, tokenFactory } = contracts;
  const trusted = forwarder === null ? [] : [['trustedForwarder', forwarder] as const];
  const routed = router === null ? [] : [['router', router] as const];
  const told: readonly (Omit<Expected, 'address'> & { readonly address: string | null })[] = [
    {
      ...{ setting: 'tokenFactory', address: tokenFactory, answers: [] },
      names: [['liquidityManager', liquidityManager], ...trusted],
    },
    {
      ...{ setting: 'liquidityManager', address: liquidityManager, answers: [] },
      names: [['tokenFactory', tokenFactory], ...routed, ...trusted],
    },
    {
      ...{ setting: 'router', address: router, answers: [] },
      names: [['liquidityManager', liquidityManager], ...trusted],
    },
    { setting: 'forwarder', address: forwarder, names: [], answers: ['nonces'] },
    { setting: 'checkpoint', address: checkpoint, names: trusted, answers: ['treeHeadCount'] },
  ];
  return told.flatMap(({ address, ...others }) => (address === null ? [] : [{ ...others, address }]));
}

function governanceOf({ governor, timelock, token }: GovernanceContracts): readonly Expected[] {
  const names = [['timelock', timelock] as const, ['token', token] as const];
  return [
    { setting: 'governor', address: governor, names, answers: [] },
    { setting: 'timelock', address: timelock, names: [], answers: ['getMinDelay'] },
    { setting: 'token', address: token, names: [], answers: ['getVotes'] },
  ];
}

async function requireInterface(
  rpc: ChainRpc,
  { address, answers, names, setting }: Expected,
): Promise<void> {
  for (const name of answers) await answerOf(rpc, setting, address, name);
  for (const [name, expected] of names) {
    const named = String(await answerOf(rpc, setting, address, name)).toLowerCase();
    if (named === expected.toLowerCase()) continue;
    throw unfit(
      setting,
      address,
      `its ${name}() is ${named}, not ${expected}: they are not of one deployment`,
    );
  }
}

/** ERC-6372 gives the form of what a clock counts. */
async function requireClock(rpc: ChainRpc, { clock, governor }: GovernanceContracts): Promise<void> {
  const mode = String(await answerOf(rpc, 'governor', governor, 'CLOCK_MODE'));
  const counted = mode.includes('mode=timestamp') ? 'SECONDS' : 'BLOCKS';
  if (counted !== clock) throw unfit('governor', governor, `it counts ${counted}, not ${clock} (${mode})`);
}

/** The block before the first to follow may be too old for the provider to know its state: that is no answer, and no refusal. */
async function requireBefore(
  rpc: ChainRpc,
  expected: readonly Expected[],
  startBlock: number,
): Promise<void> {
  // The token whose balances vote may be older than our contracts.
  for (const { address } of expected.filter(({ setting }) => setting !== 'token')) {
    const code = await codeAt(rpc, address, quantity(startBlock - 1)).catch((error: unknown) => {
      if (error instanceof RpcResponseError) return '0x';
      throw error;
    });
    if (code === '0x') continue;
    throw unfit(
      'startBlock',
      address,
      `was there before block ${startBlock}: what it did before would be missing`,
    );
  }
}

function newestBlock(rpc: ChainRpc): Promise<number> {
  return rpc.ask(async (provider) => {
    const number = await provider.request('eth_blockNumber');
    return new Reading(provider.shownUrl, 'the newest block').number({ number }, 'number');
  });
}

function codeAt(rpc: ChainRpc, address: string, block: string): Promise<string> {
  return rpc.ask(async (provider) => {
    const code = await provider.request('eth_getCode', address, block);
    return new Reading(provider.shownUrl, `the code at ${address}`).bytes({ code }, 'code');
  });
}

/** @throws DeploymentUnfitError where the contract has no such function */
async function answerOf(
  rpc: ChainRpc,
  setting: DeploymentSetting,
  address: string,
  name: ContractFunction,
): Promise<unknown> {
  const answer = await askContract(rpc, address, name);
  if (answer === null) throw unfit(setting, address, `there is another contract: it has no ${name}()`);
  return answer.value;
}

function unfit(setting: DeploymentSetting, address: string, problem: string): DeploymentUnfitError {
  return new DeploymentUnfitError(setting, `${address}: ${problem}`, { address });
}
