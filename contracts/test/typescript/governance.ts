import { expect } from 'chai';
import { id } from 'ethers';
import { FOR, SETTINGS, openGovernance, type Governed } from './support/governance.js';

const State = { Active: 1n, Defeated: 3n, Succeeded: 4n, Executed: 7n } as const;

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

  it('aFeeChange_goesFromProposalToEffectAndNotBeforeItsDelays', async () => {
    const { manager, networkHelpers, governance, timelockContract, call, proposalId, bob } = governed;
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
    const past = BigInt(await networkHelpers.time.latestBlock()) - 1n;
    expect(await governance.quorum(past)).to.equal((10n ** 27n * 4n) / 100n);
  });
});
