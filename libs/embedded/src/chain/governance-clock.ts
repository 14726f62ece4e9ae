import { Interface } from 'ethers';
import type { EthereumProvider } from 'hardhat/types/providers';

const ERC6372 = new Interface(['function CLOCK_MODE() view returns (string)']);

/** What delays and periods of the chain's governance count. */
export type GovernanceClock = 'BLOCKS' | 'SECONDS';

/** As the Governor itself says (ERC-6372): on a chain that an earlier version deployed to, blocks. */
export async function governanceClockOf(
  provider: Pick<EthereumProvider, 'request'>,
  governor: string,
): Promise<GovernanceClock> {
  const data = ERC6372.encodeFunctionData('CLOCK_MODE');
  const params = [{ to: governor, data }, 'latest'];
  const answer = (await provider.request({ method: 'eth_call', params })) as string;
  // No code answers nothing: then nothing is voted on either.
  if (answer === '0x') return 'BLOCKS';
  const [mode] = ERC6372.decodeFunctionResult('CLOCK_MODE', answer) as unknown as [string];
  return mode.includes('mode=timestamp') ? 'SECONDS' : 'BLOCKS';
}
