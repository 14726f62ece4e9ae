import { Contract, id, ZeroHash, type Provider } from 'ethers';
import { readArtifact, type ContractName } from '../compiled/artifact.js';
import { DeploymentVerificationError } from './errors.js';
import type { ContractAddresses } from './plan.js';
import { GOVERNANCE_TOKEN, type ResolvedOptions, ZERO_ADDRESS } from './settings.js';

type Expectation = readonly [property: string, args: readonly unknown[], expected: string | bigint | boolean];

const SWAP_FEE_BASIS_POINTS = 30n;
const PROTOCOL_FEE_BASIS_POINTS = 10n;
/** By ERC-6372: seconds. */
const CLOCK_MODE = 'mode=timestamp';

/**
 * Reads back from the chain that code lies at every address, that every contract names the right others, and that nobody
 * has a power but who is meant to.
 *
 * @throws DeploymentVerificationError with everything that differs
 */
export async function verifyDeployment(
  provider: Provider,
  addresses: ContractAddresses,
  options: ResolvedOptions,
  deployer: string,
): Promise<void> {
  const differences: string[] = [];
  const check = async (
    place: keyof ContractAddresses,
    name: ContractName,
    expectations: readonly Expectation[],
  ) => differences.push(...(await differencesOf(provider, name, addresses[place], expectations)));

  await check('forwarder', 'ABForwarder', forwarderExpectations());
  await check('tokenFactory', 'ABTokenFactory', factoryExpectations(addresses, options));
  await check('liquidityManager', 'ABLiquidityManager', managerExpectations(addresses, options));
  await check('router', 'ABRouter', routerExpectations(addresses));
  await check('governanceToken', 'ABToken', governanceTokenExpectations());
  await check('timelock', 'ABTimelock', timelockExpectations(addresses, options, deployer));
  await check('governance', 'ABGovernance', governanceExpectations(addresses, options));
  await check('checkpoint', 'ABCheckpoint', checkpointExpectations(addresses, options));
  if (differences.length > 0) throw new DeploymentVerificationError(differences);
}

const forwarderExpectations = (): readonly Expectation[] => [['nonces', [ZERO_ADDRESS], 0n]];

const factoryExpectations = (to: ContractAddresses, options: ResolvedOptions): readonly Expectation[] => [
  ['isTrustedForwarder', [to.forwarder], true],
  ['liquidityManager', [], to.liquidityManager],
  ['owner', [], to.timelock],
  ['feeRecipient', [], options.feeRecipient],
  ['creationFee', [], options.creationFee],
];

const managerExpectations = (to: ContractAddresses, options: ResolvedOptions): readonly Expectation[] => [
  ['isTrustedForwarder', [to.forwarder], true],
  ['isTrustedForwarder', [to.router], true],
  ['isTrustedForwarder', [to.tokenFactory], true],
  ['router', [], to.router],
  ['tokenFactory', [], to.tokenFactory],
  ['owner', [], to.timelock],
  ['feeRecipient', [], options.feeRecipient],
  ['guardian', [], options.guardian],
  ['swapFee', [], SWAP_FEE_BASIS_POINTS],
  ['protocolFee', [], PROTOCOL_FEE_BASIS_POINTS],
  ['paused', [], false],
];

const routerExpectations = (to: ContractAddresses): readonly Expectation[] => [
  ['isTrustedForwarder', [to.forwarder], true],
  ['liquidityManager', [], to.liquidityManager],
];

const governanceTokenExpectations = (): readonly Expectation[] => [
  ['name', [], GOVERNANCE_TOKEN.name],
  ['symbol', [], GOVERNANCE_TOKEN.symbol],
  ['decimals', [], BigInt(GOVERNANCE_TOKEN.decimals)],
  ['totalSupply', [], GOVERNANCE_TOKEN.totalSupply],
  ['CLOCK_MODE', [], CLOCK_MODE],
];

const timelockExpectations = (
  to: ContractAddresses,
  { governance }: ResolvedOptions,
  deployer: string,
): readonly Expectation[] => [
  ['getMinDelay', [], BigInt(governance.timelockDelay)],
  ['minimumDelay', [], BigInt(governance.timelockDelayMin)],
  ['hasRole', [id('PROPOSER_ROLE'), to.governance], true],
  ['hasRole', [id('CANCELLER_ROLE'), to.governance], true],
  ['hasRole', [id('EXECUTOR_ROLE'), ZERO_ADDRESS], true],
  ['hasRole', [ZeroHash, to.timelock], true],
  ['hasRole', [ZeroHash, deployer], false],
  ['hasRole', [id('PROPOSER_ROLE'), deployer], false],
  ['hasRole', [id('CANCELLER_ROLE'), deployer], false],
];

const governanceExpectations = (
  to: ContractAddresses,
  { governance, guardian }: ResolvedOptions,
): readonly Expectation[] => [
  ['token', [], to.governanceToken],
  ['timelock', [], to.timelock],
  ['CLOCK_MODE', [], CLOCK_MODE],
  ['votingDelay', [], BigInt(governance.votingDelay)],
  ['votingPeriod', [], BigInt(governance.votingPeriod)],
  ['proposalThreshold', [], governance.proposalThreshold],
  ['quorumNumerator()', [], BigInt(governance.quorumPercent)],
  ['lateQuorumVoteExtension', [], BigInt(governance.voteExtension)],
  ['vetoGuardian', [], governance.vetoPeriod === 0 ? ZERO_ADDRESS : guardian],
];

const checkpointExpectations = (
  to: ContractAddresses,
  { anchoring }: ResolvedOptions,
): readonly Expectation[] => [
  ['isTrustedForwarder', [to.forwarder], true],
  ['owner', [], to.timelock],
  ['signerOf', [anchoring.logId], anchoring.signer],
];

async function differencesOf(
  provider: Provider,
  name: ContractName,
  address: string,
  expectations: readonly Expectation[],
): Promise<string[]> {
  if ((await provider.getCode(address)) === '0x') return [`${name}: no code at ${address}`];
  const contract = new Contract(address, readArtifact(name).abi, provider);
  const differences: string[] = [];
  for (const [property, args, expected] of expectations) {
    const found: unknown = await contract.getFunction(property).staticCall(...args);
    if (found !== expected) {
      differences.push(
        `${name}.${property}(${args.join(', ')}): expected ${expected}, found ${String(found)}`,
      );
    }
  }
  return differences;
}
