import { expect } from 'chai';
import { ZeroAddress, ZeroHash, getAddress, id } from 'ethers';
import { ABGovernance__factory } from '../../../libs/chain/src/contracts/generated/factories/ABGovernance__factory.gen.js';
import { ABTimelock__factory } from '../../../libs/chain/src/contracts/generated/factories/ABTimelock__factory.gen.js';
import { ABToken__factory } from '../../../libs/chain/src/contracts/generated/factories/ABToken__factory.gen.js';
import { deploySystem, type System } from './support/market.js';

const SETTINGS = {
  votingDelay: 5,
  votingPeriod: 20,
  proposalThreshold: 10n ** 24n,
  quorumPercent: 4,
  timelockDelay: 3_600,
};
const State = {
  Active: 1n,
  Canceled: 2n,
  Defeated: 3n,
  Succeeded: 4n,
  Executed: 7n,
} as const;
const FOR = 1;

describe('governance', () => {
  let system: System;
  let governance: ReturnType<typeof ABGovernance__factory.connect>;
  let timelock: ReturnType<typeof ABTimelock__factory.connect>;
  let token: ReturnType<typeof ABToken__factory.connect>;
  let call: [string[], bigint[], string[]];

  beforeEach(async () => {
    system = await deploySystem({ governance: SETTINGS });
    const { deployment, deployer, alice, manager, networkHelpers } = system;
    governance = ABGovernance__factory.connect(deployment.governance, deployer);
    timelock = ABTimelock__factory.connect(deployment.timelock, deployer);
    token = ABToken__factory.connect(deployment.governanceToken, deployer);
    await token.delegate(deployer);
    await token.transfer(alice, 10n ** 26n);
    await networkHelpers.mine();
    call = [[await manager.getAddress()], [0n], [manager.interface.encodeFunctionData('setSwapFee', [50n])]];
  });

  const proposalId = (description: string) => governance.hashProposal(...call, id(description));

  async function pass(description: string): Promise<bigint> {
    await governance.propose(...call, description);
    const proposal = await proposalId(description);
    await system.networkHelpers.mine(SETTINGS.votingDelay + 1);
    await governance.castVote(proposal, FOR);
    await system.networkHelpers.mine(SETTINGS.votingPeriod);
    return proposal;
  }

  it('aFeeChange_goesFromProposalToEffectAndNotBeforeItsDelays', async () => {
    const { manager, networkHelpers } = system;
    const description = 'Raise the swap fee';
    await governance.propose(...call, description);
    const proposal = await proposalId(description);
    await expect(governance.castVote(proposal, FOR)).to.be.revertedWithCustomError(
      governance,
      'GovernorUnexpectedProposalState',
    );
    await networkHelpers.mine(SETTINGS.votingDelay + 1);
    expect(await governance.state(proposal)).to.equal(State.Active);
    await governance.castVote(proposal, FOR);
    await expect(governance.queue(...call, id(description))).to.be.revertedWithCustomError(
      governance,
      'GovernorUnexpectedProposalState',
    );
    await networkHelpers.mine(SETTINGS.votingPeriod);
    expect(await governance.state(proposal)).to.equal(State.Succeeded);
    await governance.queue(...call, id(description));
    await networkHelpers.time.increase(SETTINGS.timelockDelay - 10);
    await expect(governance.execute(...call, id(description))).to.be.revertedWithCustomError(
      timelock,
      'TimelockUnexpectedOperationState',
    );
    await networkHelpers.time.increase(10);
    await expect(governance.connect(system.bob).execute(...call, id(description)))
      .to.emit(manager, 'SwapFeeUpdated')
      .withArgs(30n, 50n);
    expect(await governance.state(proposal)).to.equal(State.Executed);
  });

  it('aProposal_isDefeatedWithoutItsQuorum', async () => {
    const { alice, networkHelpers } = system;
    await token.transfer(alice, (await token.balanceOf(system.deployer)) - SETTINGS.proposalThreshold);
    await networkHelpers.mine();
    const proposal = await pass('Too few care');
    expect(await governance.state(proposal)).to.equal(State.Defeated);
    const past = BigInt(await networkHelpers.time.latestBlock()) - 1n;
    expect(await governance.quorum(past)).to.equal((10n ** 27n * 4n) / 100n);
  });

  it('flashLoanVotes_countForNothing', async () => {
    const { alice, bob, networkHelpers } = system;
    await governance.propose(...call, 'Borrowed votes');
    const proposal = await proposalId('Borrowed votes');
    await networkHelpers.mine(SETTINGS.votingDelay + 1);
    // Bought or borrowed after the snapshot: a vote of no weight.
    await token.connect(alice).transfer(bob, 10n ** 26n);
    await token.connect(bob).delegate(bob);
    await governance.connect(bob).castVote(proposal, FOR);
    expect((await governance.proposalVotes(proposal)).forVotes).to.equal(0n);
    await expect(governance.connect(bob).propose(...call, 'With votes of the block before')).to.emit(
      governance,
      'ProposalCreated',
    );
    await expect(governance.connect(alice).propose(...call, 'Too few votes')).to.be.revertedWithCustomError(
      governance,
      'GovernorInsufficientProposerVotes',
    );
  });

  it('proposalFrontRun_isRefusedWhereTheProposerIsNamed', async () => {
    const { alice, deployer, networkHelpers } = system;
    await token.connect(alice).delegate(alice);
    await networkHelpers.mine();
    const description = `Mine#proposer=${getAddress(deployer.address)}`;
    await expect(governance.connect(alice).propose(...call, description)).to.be.revertedWithCustomError(
      governance,
      'GovernorRestrictedProposer',
    );
    await governance.propose(...call, description);
    const proposal = await proposalId(description);
    await expect(governance.connect(alice).cancel(...call, id(description))).to.be.revertedWithCustomError(
      governance,
      'GovernorUnableToCancel',
    );
    await governance.cancel(...call, id(description));
    expect(await governance.state(proposal)).to.equal(State.Canceled);
  });

  it('timelock_hasNoProposerButGovernanceAndNoAdministrator', async () => {
    const { deployer, alice, deployment, manager } = system;
    const data = manager.interface.encodeFunctionData('setSwapFee', [50n]);
    const operation = [manager, 0n, data, ZeroHash, ZeroHash] as const;
    for (const anyone of [deployer, alice]) {
      await expect(
        timelock.connect(anyone).schedule(...operation, SETTINGS.timelockDelay),
      ).to.be.revertedWithCustomError(timelock, 'AccessControlUnauthorizedAccount');
      await expect(
        timelock.connect(anyone).grantRole(id('PROPOSER_ROLE'), anyone),
      ).to.be.revertedWithCustomError(timelock, 'AccessControlUnauthorizedAccount');
      await expect(timelock.connect(anyone).updateDelay(0n)).to.be.revertedWithCustomError(
        timelock,
        'TimelockUnauthorizedCaller',
      );
      await expect(timelock.connect(anyone).execute(...operation)).to.be.revertedWithCustomError(
        timelock,
        'TimelockUnexpectedOperationState',
      );
    }
    const granted = await timelock.queryFilter(timelock.filters.RoleGranted());
    expect(granted.map(({ args }) => [args.role, args.account])).to.deep.equal([
      [ZeroHash, deployment.timelock],
      [id('PROPOSER_ROLE'), deployment.governance],
      [id('CANCELLER_ROLE'), deployment.governance],
      [id('EXECUTOR_ROLE'), ZeroAddress],
    ]);
    await expect(governance.relay(manager, 0n, data)).to.be.revertedWithCustomError(
      governance,
      'GovernorOnlyExecutor',
    );
  });
});
