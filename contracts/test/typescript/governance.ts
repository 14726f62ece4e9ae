import { expect } from 'chai';
import { ContractFactory, ZeroAddress, id } from 'ethers';
import { readArtifact } from '../../src/index.js';
import { FOR, SETTINGS, openGovernance, type Governed } from './support/governance.js';

const State = { Active: 1n, Canceled: 2n, Defeated: 3n, Succeeded: 4n, Executed: 7n } as const;

describe('governance', () => {
  let governed: Governed;

  beforeEach(async () => {
    governed = await openGovernance();
  });

  async function pass(description: string): Promise<bigint> {
    const { governance, call, proposalId, networkHelpers } = governed;
    await governance.propose(...call, description);
    const proposal = await proposalId(description);
    await networkHelpers.mine(SETTINGS.votingDelay + 1);
    await governance.castVote(proposal, FOR);
    await networkHelpers.mine(SETTINGS.votingPeriod);
    return proposal;
  }

  const made = async (name: 'ABGovernance' | 'ABTimelock', ...args: unknown[]) => {
    const { abi, bytecode } = readArtifact(name);
    return new ContractFactory(abi, bytecode, governed.deployer).deploy(...args);
  };

  it('aFeeChange_goesFromProposalToEffectAndNotBeforeItsDelays', async () => {
    const { manager, networkHelpers, governance, timelockContract, call, proposalId, bob } = governed;
    const description = 'Raise the swap fee';
    await governance.propose(...call, description);
    const proposal = await proposalId(description);
    await expect(governance.castVote(proposal, FOR)).to.be.revertedWithCustomError(
      governance,
      'GovernorUnexpectedProposalState',
    );
    await networkHelpers.time.increase(SETTINGS.votingDelay + 1);
    expect(await governance.state(proposal)).to.equal(State.Active);
    await governance.castVote(proposal, FOR);
    await expect(governance.queue(...call, id(description))).to.be.revertedWithCustomError(
      governance,
      'GovernorUnexpectedProposalState',
    );
    await networkHelpers.time.increase(SETTINGS.votingPeriod);
    expect(await governance.state(proposal)).to.equal(State.Succeeded);
    await governance.queue(...call, id(description));
    await networkHelpers.time.increase(SETTINGS.timelockDelay - 10);
    await expect(governance.execute(...call, id(description))).to.be.revertedWithCustomError(
      timelockContract,
      'TimelockUnexpectedOperationState',
    );
    await networkHelpers.time.increase(10);
    await expect(governance.connect(bob).execute(...call, id(description)))
      .to.emit(manager, 'SwapFeeUpdated')
      .withArgs(30n, 50n);
    expect(await governance.state(proposal)).to.equal(State.Executed);
  });

  it('aProposal_isDefeatedWithoutItsQuorum', async () => {
    const { alice, deployer, networkHelpers, governance, votes } = governed;
    await votes.transfer(alice, (await votes.balanceOf(deployer)) - SETTINGS.proposalThreshold);
    await networkHelpers.mine();
    const proposal = await pass('Too few care');
    expect(await governance.state(proposal)).to.equal(State.Defeated);
    const past = BigInt(await networkHelpers.time.latest()) - 1n;
    expect(await governance.quorum(past)).to.equal((10n ** 27n * 4n) / 100n);
  });

  it('aVoting_goesByTimeHoweverManyBlocksThereAre', async () => {
    const { governance, call, proposalId, networkHelpers, votes } = governed;
    expect(await governance.CLOCK_MODE()).to.equal('mode=timestamp');
    expect(await votes.CLOCK_MODE()).to.equal('mode=timestamp');
    await governance.propose(...call, 'By time');
    const proposal = await proposalId('By time');
    const proposedAt = BigInt(await networkHelpers.time.latest());
    expect(await governance.clock()).to.equal(proposedAt);
    expect(await governance.proposalSnapshot(proposal)).to.equal(proposedAt + BigInt(SETTINGS.votingDelay));
    expect(await governance.proposalDeadline(proposal)).to.equal(
      proposedAt + BigInt(SETTINGS.votingDelay + SETTINGS.votingPeriod),
    );
    await networkHelpers.time.increase(SETTINGS.votingDelay + SETTINGS.votingPeriod + 1);
    expect(await governance.state(proposal)).to.equal(State.Defeated);
  });

  it('aQuorumReachedLate_letsTheVotingGoOn', async () => {
    const { governance, call, proposalId, networkHelpers } = governed;
    await governance.propose(...call, 'Late');
    const proposal = await proposalId('Late');
    const end = await governance.proposalDeadline(proposal);
    await networkHelpers.time.increaseTo(end - 2n);
    await expect(governance.castVote(proposal, FOR))
      .to.emit(governance, 'ProposalExtended')
      .withArgs(proposal, end - 1n + BigInt(SETTINGS.voteExtension));
    expect(await governance.proposalDeadline(proposal)).to.equal(end - 1n + BigInt(SETTINGS.voteExtension));
    await networkHelpers.time.increaseTo(end + 1n);
    expect(await governance.state(proposal)).to.equal(State.Active);
    await networkHelpers.time.increaseTo(end + BigInt(SETTINGS.voteExtension));
    expect(await governance.state(proposal)).to.equal(State.Succeeded);
  });

  it('theGuardian_vetoesWhatIsQueuedUntilTheVetoEnds', async () => {
    const { governance, timelockContract, call, deployer, alice, networkHelpers } = governed;
    const [granted] = await governance.queryFilter(governance.filters.VetoGranted());
    const end = await governance.vetoEnd();
    expect(granted?.args).to.deep.equal([deployer.address, end]);
    expect(end).to.equal(BigInt((await granted?.getBlock())?.timestamp ?? 0) + BigInt(SETTINGS.vetoPeriod));
    const proposal = await pass('Vetoed');
    await governance.queue(...call, id('Vetoed'));
    await expect(governance.connect(alice).cancel(...call, id('Vetoed'))).to.be.revertedWithCustomError(
      governance,
      'GovernorUnableToCancel',
    );
    await expect(governance.cancel(...call, id('Vetoed')))
      .to.emit(timelockContract, 'Cancelled')
      .and.to.emit(governance, 'ProposalCanceled')
      .withArgs(proposal);
    expect(await governance.state(proposal)).to.equal(State.Canceled);
    await pass('At its end');
    await governance.queue(...call, id('At its end'));
    await networkHelpers.time.setNextBlockTimestamp(end);
    await governance.cancel(...call, id('At its end'));
    await pass('After it');
    await governance.queue(...call, id('After it'));
    await expect(governance.cancel(...call, id('After it'))).to.be.revertedWithCustomError(
      governance,
      'GovernorUnableToCancel',
    );
  });

  it('aVeto_isNeverGrantedForLongerThanTwoYears', async () => {
    const { deployer, deployment, governance } = governed;
    const vetoing = (guardian: string, seconds: bigint) =>
      made(
        'ABGovernance',
        ...[deployment.governanceToken, deployment.timelock],
        1n,
        10n,
        0n,
        4n,
        0n,
        guardian,
        seconds,
      );
    const longest = 730n * 86_400n;
    await expect(vetoing(deployer.address, longest + 1n)).to.be.revertedWithCustomError(
      governance,
      'VetoTooLong',
    );
    await vetoing(deployer.address, longest);
    const without = await vetoing(ZeroAddress, longest);
    const told = (name: string) => without.getFunction(name).staticCall();
    expect([await told('vetoGuardian'), await told('vetoEnd')]).to.deep.equal([ZeroAddress, 0n]);
  });

  it('theTimelocksDelay_isNeverShorterThanItsMinimum', async () => {
    const { timelockContract, timelock, deployer } = governed;
    const minimum = BigInt(SETTINGS.timelockDelayMin);
    const own = timelockContract.connect(timelock);
    expect(await own.minimumDelay()).to.equal(minimum);
    await expect(own.updateDelay(minimum - 1n))
      .to.be.revertedWithCustomError(own, 'DelayTooShort')
      .withArgs(minimum - 1n, minimum);
    await expect(own.updateDelay(minimum))
      .to.emit(own, 'MinDelayChange')
      .withArgs(BigInt(SETTINGS.timelockDelay), minimum);
    await expect(made('ABTimelock', minimum - 1n, minimum, deployer.address)).to.be.revertedWithCustomError(
      own,
      'DelayTooShort',
    );
  });
});
