import { Contract, type Provider } from 'ethers';
import { readArtifact, type ContractName } from './artifact.js';
import type { ContractAddresses } from './deployment.js';
import { DeploymentVerificationError } from './errors.js';

/** How the contracts are meant to be wired. */
export interface Wiring {
  readonly router: string;
  readonly owner: string;
  readonly feeRecipient: string;
  readonly guardian: string;
  /** Wei. */
  readonly creationFee: bigint;
}

type Expectation = readonly [property: string, args: readonly unknown[], expected: string | bigint | boolean];

const SWAP_FEE_BASIS_POINTS = 30n;
const PROTOCOL_FEE_BASIS_POINTS = 10n;

/**
 * Reads back from the chain that code lies at every address and that every contract names the right others.
 *
 * @throws DeploymentVerificationError with everything that differs
 */
export async function verifyDeployment(
  provider: Provider,
  addresses: ContractAddresses,
  wiring: Wiring,
): Promise<void> {
  const { forwarder, tokenFactory, liquidityManager } = addresses;
  const { router, owner, feeRecipient, guardian, creationFee } = wiring;
  const differences = [
    ...(await differencesOf(provider, 'ABForwarder', forwarder, [])),
    ...(await differencesOf(provider, 'ABTokenFactory', tokenFactory, [
      ['isTrustedForwarder', [forwarder], true],
      ['liquidityManager', [], liquidityManager],
      ['owner', [], owner],
      ['feeRecipient', [], feeRecipient],
      ['creationFee', [], creationFee],
    ])),
    ...(await differencesOf(provider, 'ABLiquidityManager', liquidityManager, [
      ['isTrustedForwarder', [forwarder], true],
      ['router', [], router],
      ['tokenFactory', [], tokenFactory],
      ['owner', [], owner],
      ['feeRecipient', [], feeRecipient],
      ['guardian', [], guardian],
      ['swapFee', [], SWAP_FEE_BASIS_POINTS],
      ['protocolFee', [], PROTOCOL_FEE_BASIS_POINTS],
    ])),
  ];
  if (differences.length > 0) throw new DeploymentVerificationError(differences);
}

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
    if (found !== expected)
      differences.push(`${name}.${property}: expected ${expected}, found ${String(found)}`);
  }
  return differences;
}
