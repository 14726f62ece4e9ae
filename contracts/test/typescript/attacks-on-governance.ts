import { expect } from 'chai';
import { MaxUint256, ZeroAddress, ZeroHash, getAddress, id, type Contract } from 'ethers';
import { FOR, SETTINGS, openGovernance, type Governed } from './support/governance.js';

const CANCELED = 2n;
const LOAN = 10n ** 26n;

describe('attacks on governance', () => {
  let governed: Governed;

  beforeEach(async () => {
    governed = await openGovernance();
  });

  it('flashLoanVotes_countForNothing', async () => {
    const { ethers, governance, votes, call, proposalId, alice, deployer, networkHelpers } = governed;
    const voter = (await ethers.deployContract('FlashLoanVoter', deployer)) as unknown as Contract;
    await votes.connect(alice).approve(voter, MaxUint256);
    await governance.propose(...call, 'Raise the swap fee');
    const proposal = await proposalId('Raise the swap fee');
    await networkHelpers.mine(SETTINGS.votingDelay + 1);
    await voter.getFunction('vote').send(votes, alice, LOAN, governance, proposal);
    expect(await governance.hasVoted(proposal, voter)).to.equal(true);
    expect((await governance.proposalVotes(proposal)).forVotes).to.equal(0n);
    await expect(
      voter.getFunction('propose').send(votes, alice, LOAN, governance, ...call),
    ).to.be.revertedWithCustomError(governance, 'GovernorInsufficientProposerVotes');
  });

  it('votesBoughtAfterTheSnapshot_countForNothing', async () => {
    const { governance, votes, call, proposalId, alice, bob, networkHelpers } = governed;
    await governance.propose(...call, 'Borrowed votes');
    const proposal = await proposalId('Borrowed votes');
    await networkHelpers.mine(SETTINGS.votingDelay + 1);
    await votes.connect(alice).transfer(bob, LOAN);
    await votes.connect(bob).delegate(bob);
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
    const { governance, votes, call, alice, deployer, networkHelpers } = governed;
    await votes.connect(alice).delegate(alice);
    await networkHelpers.mine();
    const description = `Mine#proposer=${getAddress(deployer.address)}`;
    await expect(governance.connect(alice).propose(...call, description)).to.be.revertedWithCustomError(
      governance,
      'GovernorRestrictedProposer',
    );
    await expect(governance.propose(...call, description)).to.emit(governance, 'ProposalCreated');
  });

  it('proposal_isCancelledByNobodyButItsProposer', async () => {
    const { governance, call, proposalId, alice } = governed;
    await governance.propose(...call, 'Mine');
    await expect(governance.connect(alice).cancel(...call, id('Mine'))).to.be.revertedWithCustomError(
      governance,
      'GovernorUnableToCancel',
    );
    await governance.cancel(...call, id('Mine'));
    expect(await governance.state(await proposalId('Mine'))).to.equal(CANCELED);
  });

  it('timelock_hasNoProposerButGovernanceAndNoAdministrator', async () => {
    const { deployer, alice, deployment, manager, governance } = governed;
    const timelock = governed.timelockContract;
    const data = manager.interface.encodeFunctionData('setSwapFee', [50n]);
    const operation = [manager, 0n, data, ZeroHash, ZeroHash] as const;
    for (const anyone of [deployer, alice]) {
      await expect(
        timelock.connect(anyone).schedule(...operation, SETTINGS.timelockDelay),
      ).to.be.revertedWithCustomError(timelock, 'AccessControlUnauthorizedAccount');
      await expect(
        timelock.connect(anyone).grantRole(id('PROPOSER_ROLE'), anyone),
      ).to.be.revertedWithCustomError(timelock, 'AccessControlUnauthorizedAccount');
      await expect(
        timelock.connect(anyone).updateDelay(SETTINGS.timelockDelayMin),
      ).to.be.revertedWithCustomError(timelock, 'TimelockUnauthorizedCaller');
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
