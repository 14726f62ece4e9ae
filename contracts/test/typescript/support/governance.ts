import { id } from 'ethers';
import { ABGovernance__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABGovernance__factory.gen.js';
import { ABTimelock__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABTimelock__factory.gen.js';
import { ABToken__factory } from '../../../../libs/chain/src/contracts/generated/factories/ABToken__factory.gen.js';
import { deploySystem, openOnce, type System } from './market.js';

export const SETTINGS = {
  votingDelay: 5,
  votingPeriod: 20,
  proposalThreshold: 10n ** 24n,
  quorumPercent: 4,
  timelockDelay: 3_600,
  timelockDelayMin: 600,
  voteExtension: 10,
  vetoPeriod: 86_400,
};
export const FOR = 1;

export interface Governed extends System {
  readonly governance: ReturnType<typeof ABGovernance__factory.connect>;
  /** The timelock as a contract; `timelock` is its account. */
  readonly timelockContract: ReturnType<typeof ABTimelock__factory.connect>;
  /** The votes: nine tenths the deployer's, who delegated them to itself, and one tenth Alice's, who did not. */
  readonly votes: ReturnType<typeof ABToken__factory.connect>;
  /** Targets, values and calldata of a proposal to set the swap fee to 50. */
  readonly call: [string[], bigint[], string[]];
  readonly proposalId: (description: string) => Promise<bigint>;
}

export const openGovernance = (): Promise<Governed> => openOnce('governance', openNewGovernance);

async function openNewGovernance(): Promise<Governed> {
  const system = await deploySystem({ governance: SETTINGS });
  const { deployment, deployer, alice, manager, networkHelpers } = system;
  const governance = ABGovernance__factory.connect(deployment.governance, deployer);
  const votes = ABToken__factory.connect(deployment.governanceToken, deployer);
  await votes.delegate(deployer);
  await votes.transfer(alice, 10n ** 26n);
  await networkHelpers.mine();
  const call: [string[], bigint[], string[]] = [
    [await manager.getAddress()],
    [0n],
    [manager.interface.encodeFunctionData('setSwapFee', [50n])],
  ];
  return {
    ...system,
    governance,
    timelockContract: ABTimelock__factory.connect(deployment.timelock, deployer),
    votes,
    call,
    proposalId: (description) => governance.hashProposal(...call, id(description)),
  };
}
