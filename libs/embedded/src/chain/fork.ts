import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AblandError, type Running } from '@abland/kernel';
import { goOn } from '../processes/go-on.js';
import type { ChainMessage, ChainProcessOptions, ChainReady, StopMessage } from './process-messages.js';
import type { ReplayProgress } from './replay.js';

/** The chain's process ended before or while it served; `chainCode` is the code of the error that ended it. */
export class ChainProcessError extends AblandError {
  readonly code = 'CHAIN_PROCESS_ENDED';
  constructor(
    message: string,
    readonly chainCode: string | null,
  ) {
    super(message, { chainCode });
  }
}

export interface ForkOptions extends ChainProcessOptions {
  readonly onReplayProgress?: (progress: ReplayProgress) => void;
  /** Gives the start up, of which nothing was acknowledged. */
  readonly signal?: AbortSignal;
}

export interface ForkedChain extends Running, ChainReady {
  readonly process: ChildProcess;
  /** Lets it go on where somebody stopped it (SIGSTOP): to be called before those who need it to end in order. */
  goOn(): void;
}

/** main.ts as `npm run build` bundles it: the same place from src/ and from dist/. */
export const CHAIN_PROGRAM = new URL('../../../../dist/embedded-chain.js', import.meta.url);
/** What it acknowledged is on disk: one that does not end by then is ended by force. */
const STOP_WITHIN_MS = 5_000;
/** A start tells of its progress more often than this, however long its journal is. */
const SILENT_START_MS_MAX = 60_000;

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  if (child.connected) child.send({ type: 'stop' } satisfies StopMessage);
  else child.kill('SIGTERM');
  letGoOn(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}

const letGoOn = ({ pid }: ChildProcess): void => goOn(pid ?? NaN);

/**
 * Starts the embedded chain in a process of its own, which ends when this one does.
 * @throws ChainProcessError with the code of what kept it from starting; the signal's reason.
 */
export async function forkEmbeddedChain(options: ForkOptions): Promise<ForkedChain> {
  const { onReplayProgress, signal, ...chainOptions } = options;
  signal?.throwIfAborted();
  const args = [JSON.stringify({ ...chainOptions, dataDir: resolve(chainOptions.dataDir) })];
  const child = fork(fileURLToPath(CHAIN_PROGRAM), args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)), // Hardhat starts in a package alone
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { promise: ended, reject: fail } = Promise.withResolvers<void>();
  ended.catch(() => undefined);
  let failure: ChainProcessError | null = null;
  let stopping: Promise<void> | null = null;
  // It ends with us, which it does not hear while it is stopped.
  const takeAlong = (): void => letGoOn(child);
  process.once('exit', takeAlong);
  child.on('exit', (code, signal) => {
    process.off('exit', takeAlong);
    if (stopping === null) {
      fail(failure ?? new ChainProcessError(`The embedded chain's process ended (${signal ?? code})`, null));
    }
  });
  child.on('error', fail);
  const stop = (): Promise<void> => (stopping ??= stopProcess(child));
  const silence = setTimeout(() => {
    failure = new ChainProcessError('The embedded chain says nothing while it starts', null);
    child.kill('SIGKILL');
  }, SILENT_START_MS_MAX);
  child.on('exit', () => clearTimeout(silence));
  const ready = new Promise<ForkedChain>((resolve) => {
    child.on('message', (message: ChainMessage) => {
      if (message.type === 'replaying') {
        silence.refresh();
        onReplayProgress?.({ done: message.done, total: message.total });
      } else if (message.type === 'failed') failure = new ChainProcessError(message.message, message.code);
      else {
        clearTimeout(silence);
        const { type: _, ...announced } = message;
        resolve({
          ...announced,
          name: 'embedded-chain',
          process: child,
          ended,
          goOn: () => letGoOn(child),
          stop,
        });
      }
    });
  });
  const giveUp = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([ready, ended.then(() => ready)]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}
