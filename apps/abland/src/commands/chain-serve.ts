import { logIdOf } from '@abland/chain';
import { deployAblandContracts, startEmbeddedChain } from '@abland/embedded/chain';
import { type ChainAloneConfig, createLogger, runProgram } from '@abland/platform';
import { join } from 'node:path';
import { environmentLines } from './contracts/environment-lines.js';
import { say } from '../terminal/say.js';

/** Runs the embedded chain alone until it is asked to stop, and prints what programs beside it want to be told. */
export function serveChain(config: ChainAloneConfig, host: string): Promise<void> {
  return runProgram(async (signal) => {
    const { anchoring, chainId, dataDir, finalityDepth, port } = config;
    const named =
      anchoring === null ? undefined : { logId: logIdOf(anchoring.origin), signer: anchoring.signer };
    const chain = await startEmbeddedChain({
      ...{ dataDir: join(dataDir, 'chain'), host, port, chainId, finalityDepth },
      deploy: (deployer) => deployAblandContracts(deployer, named),
      logger: createLogger({ level: 'info', name: 'chain' }),
    });
    if (signal.aborted) await chain.stop(); // nobody waited for it
    signal.throwIfAborted();
    const rpc = chain.rpcUrl.replace('//0.0.0.0:', '//localhost:');
    const governanceClock = chain.governanceClock === 'SECONDS' ? 'seconds' : 'blocks';
    const told = { rpc, chainId, startBlock: 0, addresses: { ...chain.contracts }, governanceClock } as const;
    for (const line of environmentLines(told)) say(line);
    return chain;
  });
}
