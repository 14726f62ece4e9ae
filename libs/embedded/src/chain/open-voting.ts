import { Interface } from 'ethers';
import type { EthereumProvider } from 'hardhat/types/providers';
import { governanceClockOf } from './governance-clock.js';

const GOVERNOR = new Interface([
  'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
]);
const PROPOSAL_CREATED = GOVERNOR.getEvent('ProposalCreated')?.topicHash;

/** Blocks or seconds. A voting that ends later is none that a local chain would wait for: it would mine a week of blocks by itself. */
const VOTING_MAX = 200;

interface RpcLog {
  readonly topics: readonly string[];
  readonly data: string;
}

/** Whether a proposal's voting goes on at the head or has yet to begin, and its end is near. */
export async function isVotingOpen(
  provider: EthereumProvider,
  governor: string,
  head: number,
  headTime: number,
): Promise<boolean> {
  const fromBlock = `0x${Math.max(0, head - VOTING_MAX).toString(16)}`;
  const filter = { fromBlock, toBlock: 'latest', address: governor, topics: [PROPOSAL_CREATED] };
  const logs = (await provider.request({ method: 'eth_getLogs', params: [filter] })) as readonly RpcLog[];
  if (logs.length === 0) return false;
  const now = (await governanceClockOf(provider, governor)) === 'SECONDS' ? headTime : head;
  return logs.some(({ topics, data }) => {
    const voteEnd: unknown = GOVERNOR.parseLog({ topics, data })?.args.getValue('voteEnd');
    return voteEnd !== undefined && Number(voteEnd) >= now && Number(voteEnd) <= now + VOTING_MAX;
  });
}
