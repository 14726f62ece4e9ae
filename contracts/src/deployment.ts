import { ContractFactory, getCreateAddress, type Signer } from 'ethers';
import { readArtifact, type ContractName } from './artifact.js';
import { verifyDeployment } from './verification.js';

export interface DeploymentOptions {
  /** Sets fees and ends pauses; the deployer where left out. */
  readonly owner?: string;
  /** Receives creation and protocol fees; the owner where left out. */
  readonly feeRecipient?: string;
  /** May pause swaps and deposits; the owner alone where left out. */
  readonly guardian?: string;
  /** Wei that a token's creation takes; 0 where left out. */
  readonly creationFee?: bigint;
}

/** Checksummed addresses. */
export interface ContractAddresses {
  readonly forwarder: string;
  readonly tokenFactory: string;
  readonly liquidityManager: string;
}

export interface Deployment extends ContractAddresses {
  readonly chainId: number;
  /** The first block that has one of the contracts: no fact of theirs lies before it. */
  readonly blockNumber: number;
}

/** The order in which they are deployed: a contract's place is its nonce, counted from the deployer's first one. */
const ORDER = ['forwarder', 'tokenFactory', 'liquidityManager', 'router'] as const;
type Place = (typeof ORDER)[number];

export const ZERO_ADDRESS = '0x0000000000000000000000000000000000000000';

/**
 * Deploys all contracts from the signer's next nonce on, one transaction each, and checks what came of it. The addresses
 * follow from the deployer and that nonce alone, so contracts can name each other before they exist. Nothing else may be
 * sent from the signer meanwhile.
 *
 * @throws DeploymentVerificationError where an address, the code or the wiring is not as meant
 */
export async function deployContracts(signer: Signer, options: DeploymentOptions = {}): Promise<Deployment> {
  const { provider } = signer;
  if (provider === null) throw new TypeError('the deploying signer has no provider');
  const deployer = await signer.getAddress();
  const firstNonce = await provider.getTransactionCount(deployer, 'pending');
  const planned = plannedAddresses(deployer, firstNonce);
  const owner = options.owner ?? deployer;
  const feeRecipient = options.feeRecipient ?? owner;
  const guardian = options.guardian ?? ZERO_ADDRESS;
  const { forwarder, tokenFactory, liquidityManager, router } = planned;

  const steps: readonly (readonly [Place, ContractName, readonly unknown[]])[] = [
    ['forwarder', 'ABForwarder', []],
    [
      'tokenFactory',
      'ABTokenFactory',
      [forwarder, liquidityManager, owner, feeRecipient, options.creationFee ?? 0n],
    ],
    [
      'liquidityManager',
      'ABLiquidityManager',
      [forwarder, router, tokenFactory, owner, feeRecipient, guardian],
    ],
  ];
  const blockNumbers: number[] = [];
  for (const [place, name, args] of steps) {
    const nonce = firstNonce + ORDER.indexOf(place);
    blockNumbers.push(await deploy(signer, name, args, nonce));
  }
  const deployment: Deployment = {
    forwarder,
    tokenFactory,
    liquidityManager,
    chainId: Number((await provider.getNetwork()).chainId),
    blockNumber: Math.min(...blockNumbers),
  };
  await verifyDeployment(provider, deployment, {
    router,
    owner,
    feeRecipient,
    guardian,
    creationFee: options.creationFee ?? 0n,
  });
  return deployment;
}

function plannedAddresses(deployer: string, firstNonce: number): Readonly<Record<Place, string>> {
  const addresses = ORDER.map((place, index) => [
    place,
    getCreateAddress({ from: deployer, nonce: firstNonce + index }),
  ]);
  return Object.fromEntries(addresses) as Record<Place, string>;
}

async function deploy(
  signer: Signer,
  name: ContractName,
  args: readonly unknown[],
  nonce: number,
): Promise<number> {
  const { abi, bytecode } = readArtifact(name);
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...args, { nonce });
  const receipt = await contract.deploymentTransaction()?.wait();
  if (!receipt) throw new Error(`the deployment of ${name} has no receipt`);
  return receipt.blockNumber;
}
