import { expect } from 'chai';
import { makeError, type Block } from 'ethers';
import { network } from 'hardhat';
import { NetworkMismatchError, requireBlockTimes, requireOpcodes } from '../../src/index.js';

const DELAYS = { votingDelay: 600, votingPeriod: 3_600 };

async function refused(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(NetworkMismatchError);
  return (error as Error).message;
}

describe('trial of a network', () => {
  /** With the hardfork's opcodes, and the target that contracts would be compiled to. */
  const tried = async (hardfork: string, target?: string) => {
    const { ethers } = await network.create({ override: { hardfork } });
    return requireOpcodes(ethers.provider, target);
  };

  it('requireOpcodes_passesNetworksOfTheCompilersTargetAndNewer', async () => {
    for (const hardfork of ['cancun', 'prague', 'osaka']) await tried(hardfork);
    await tried('shanghai', 'shanghai');
    await tried('osaka', 'osaka');
  });

  it('requireOpcodes_namesWhatAnOlderNetworkDoesNotRun', async () => {
    expect(await refused(tried('shanghai'))).to.include('MCOPY (EVM version cancun)');
    expect(await refused(tried('merge'))).to.include('PUSH0 (EVM version shanghai)');
    expect(await refused(tried('cancun', 'osaka'))).to.include('CLZ (EVM version osaka)');
  });

  it('requireOpcodes_takesNoAnswerOfTheNodeForOneOfTheNetwork', async () => {
    const answering = (answer: () => Promise<string>) => requireOpcodes({ call: answer });
    const broken = makeError('no connection', 'NETWORK_ERROR', { event: 'call' });
    const thrown: unknown = await answering(() => Promise.reject(broken)).catch((error: unknown) => error);
    expect(thrown).to.equal(broken);
    expect(await refused(answering(() => Promise.resolve('0x')))).to.include('eth_call');
    expect(await refused(answering(() => Promise.reject(new Error('no such method'))))).to.include(
      'eth_call',
    );
    const unknown: unknown = await requireOpcodes({ call: () => Promise.resolve('0x') }, 'later').catch(
      (error: unknown) => error,
    );
    expect(unknown).to.be.instanceOf(TypeError);
  });

  /** A chain whose blocks came so often, the newest now. */
  const chain = (seconds: number, head = 1_000, newest = 1_900_000_000) => ({
    getBlock: (at: unknown) => {
      const number = at === 'latest' ? head : Number(at);
      const timestamp = number === 0 ? 0 : newest - (head - number) * seconds;
      return Promise.resolve({ number, timestamp } as Block);
    },
  });
  const now = 1_900_000_000;

  it('requireBlockTimes_wantsBlocksOftenEnoughForTheDelays', async () => {
    for (const seconds of [0.25, 1, 12, 180]) await requireBlockTimes(chain(seconds), DELAYS, now);
    expect(await refused(requireBlockTimes(chain(181), DELAYS, now))).to.include('votingPeriod is 3600 s');
    const short = { ...DELAYS, votingDelay: 23 };
    expect(await refused(requireBlockTimes(chain(12), short, now))).to.include('24 s at least');
    await requireBlockTimes(chain(12), { ...DELAYS, votingDelay: 24 }, now);
    // The first block's time says nothing, and one block after it no pace.
    await requireBlockTimes(chain(1, 2), DELAYS, now);
    await requireBlockTimes(chain(1, 1), DELAYS, now);
    await requireBlockTimes(chain(1, 0, now), DELAYS, 0);
  });

  it('requireBlockTimes_wantsTheTimeOfTheWorld', async () => {
    for (const apart of [-3_600, 3_600]) await requireBlockTimes(chain(1, 9, now + apart), DELAYS, now);
    for (const apart of [-3_601, 3_601])
      expect(await refused(requireBlockTimes(chain(1, 9, now + apart), DELAYS, now))).to.include('3601 s');
    expect(
      await refused(requireBlockTimes({ getBlock: () => Promise.resolve(null) }, DELAYS, now)),
    ).to.include('does not know');
  });
});
