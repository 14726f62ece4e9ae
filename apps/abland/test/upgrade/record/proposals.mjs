import { readArtifact } from '@abland/contracts';
import { deployerAccount } from '@abland/embedded/chain';
import { Contract, id, Wallet } from 'ethers';
import { createApiClient } from '../../../dist/demo/api-client.js';

const FOR = 1;

/** One proposal is voted for and queued, another is taken back. Neither is executed: time would have to pass. */
export async function proposeAndVote(system, provider, say) {
  say('proposes and votes');
  const deployer = new Wallet(deployerAccount().privateKey, provider);
  const { governance, _meta } = await createApiClient(system.apiUrl).query(
    '{ governance { governor token } _meta { contracts { liquidityManager } } }',
  );
  const at = (name, address) => new Contract(address, readArtifact(name).abi, deployer);
  const governor = at('ABGovernance', governance.governor);
  const token = at('ABToken', governance.token);
  const manager = at('ABLiquidityManager', _meta.contracts.liquidityManager);
  const send = async (contract, name, ...args) => (await contract.getFunction(name).send(...args)).wait();
  const call = (fee) => [
    [_meta.contracts.liquidityManager],
    [0n],
    [manager.interface.encodeFunctionData('setSwapFee', [fee])],
  ];
  const hashed = (fee, description) => [...call(fee), id(description)];
  await send(token, 'delegate', deployer.address);
  await send(governor, 'propose', ...call(25n), 'Lower the swap fee');
  await send(governor, 'propose', ...call(97n), 'Raise it, or not');
  await send(governor, 'cancel', ...hashed(97n, 'Raise it, or not'));
  const proposal = await governor
    .getFunction('hashProposal')
    .staticCall(...hashed(25n, 'Lower the swap fee'));
  const isOver = async (second) => (await provider.getBlock('latest')).timestamp > Number(second);
  const after = async (second) => {
    while (!(await isOver(second))) await provider.send('evm_mine', []);
  };
  await after(await governor.getFunction('proposalSnapshot').staticCall(proposal));
  await send(governor, 'castVoteWithReason', proposal, FOR, 'cheaper is better');
  await after(await governor.getFunction('proposalDeadline').staticCall(proposal));
  await send(governor, 'queue', ...hashed(25n, 'Lower the swap fee'));
}
