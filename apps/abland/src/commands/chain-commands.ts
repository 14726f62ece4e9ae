import type { Command } from 'commander';
import { type Environment, loadVisitorConfig } from '@abland/platform';
import { createApiClient } from '../demo/api-client.js';
import { findRunning } from '../start/running-file.js';

interface ListedChain {
  readonly chainId: number;
  readonly name: string | null;
  readonly state: string;
  readonly failure: string | null;
  readonly headBlock: number | null;
  readonly indexedBlock: number | null;
  readonly finalizedBlock: number | null;
}

const CHAINS = '{ chains { chainId name state failure headBlock indexedBlock finalizedBlock } }';

export function addChainCommands(program: Command, env: Environment): void {
  const chain = program.command('chain').description('the chains of a running system');
  chain
    .command('list')
    .description('each with how it is followed, and those that were before')
    .option('--api <url>', 'the API (default: the system that runs on the data folder)')
    .action(async ({ api }: { readonly api?: string }) => {
      const config = loadVisitorConfig(env);
      const url = api ?? (await findRunning(config.dataDir))?.apiUrl ?? config.apiUrl;
      const { chains } = await createApiClient(url).query<{ readonly chains: readonly ListedChain[] }>(
        CHAINS,
      );
      for (const one of chains) process.stdout.write(`${chainLine(one)}\n`);
    });
}

export function chainLine(chain: ListedChain): string {
  const { chainId, failure, finalizedBlock, headBlock, indexedBlock, name, state } = chain;
  const called = name === null ? `${chainId}` : `${chainId}  ${name}`;
  const blocks = `head ${headBlock ?? '-'}, indexed ${indexedBlock ?? '-'}, final ${finalizedBlock ?? '-'}`;
  return `${called}  ${state}${failure === null ? '' : ` (${failure})`}  ${blocks}`;
}
