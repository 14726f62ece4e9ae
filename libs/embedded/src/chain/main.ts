/**
 * The embedded chain as a process of its own: `node main.js '<ChainProcessOptions as JSON>'`. It announces itself to its
 * parent by messages and ends with it, whatever ends the parent.
 */
import { AblandError } from '@abland/kernel';
import { deployAblandContracts } from './deployment.js';
import type { ChainMessage, ChainProcessOptions } from './process-messages.js';
import { startEmbeddedChain, type EmbeddedChain } from './start.js';

let chain: EmbeddedChain | undefined;
let ending = false;

function announce(message: ChainMessage): void {
  if (process.connected) process.send?.(message);
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await chain?.stop().catch(() => undefined);
  process.exit(code);
}

function fail(error: unknown): Promise<void> {
  const code = error instanceof AblandError ? error.code : 'CHAIN_FAILED';
  const message = error instanceof Error ? error.message : String(error);
  if (process.connected)
    announce({ type: 'failed', code, message }); // the parent tells it as it sees fit
  else process.stderr.write(`abland: ${message} (${code})\n`);
  return end(1);
}

process.on('disconnect', () => void end(0));
process.on('message', (message: { readonly type?: string }) => {
  if (message.type === 'stop') void end(0);
});
// A Ctrl-C and a closed terminal reach the whole group, and so does what a supervisor of services sends; under a parent it is the parent who says in
// which order its parts stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!process.connected) void end(0);
  });

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as ChainProcessOptions;
  const { anchoring, ...chainOptions } = options;
  chain = await startEmbeddedChain({
    ...chainOptions,
    deploy: (deployer) => deployAblandContracts(deployer, anchoring),
    onReplayProgress: (progress) => announce({ type: 'replaying', ...progress }),
  });
  const { rpcUrl, webSocketUrl, port, chainId, contracts, governanceClock, replayed } = chain;
  announce({ type: 'ready', rpcUrl, webSocketUrl, port, chainId, contracts, governanceClock, replayed });
  if (process.send === undefined) process.stdout.write(`abland: chain ${chainId} on ${rpcUrl}\n`);
  await chain.ended;
} catch (error) {
  await fail(error);
}
