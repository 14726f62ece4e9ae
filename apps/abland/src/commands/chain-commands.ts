import { decideChainReorg, listChainProviders } from '@abland/operations';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Environment, loadChainAloneConfig, loadDataConfig, loadVisitorConfig } from '@abland/platform';
import { migrateLeases } from '@abland/postgres';
import { createApiClient } from '../demo/api-client.js';
import { actAtTheTerminal } from './operations/act-at-the-terminal.js';
import { providerLines } from './provider-lines.js';
import { withSession } from './operator-session.js';
import { findRunning } from '../start/running-file.js';
import { say } from '../terminal/say.js';

interface ListedChain {
  readonly chainId: number;
  readonly name: string | null;
  readonly state: string;
  readonly failure: string | null;
  readonly alarm: { readonly id: string; readonly since: string; readonly provider: string | null } | null;
  readonly headBlock: number | null;
  readonly indexedBlock: number | null;
  readonly finalizedBlock: number | null;
}

interface ReorgOptions {
  readonly accept?: boolean;
  readonly wait?: boolean;
  readonly alarm?: string;
  readonly reason: string;
}

const CHAINS =
  '{ chains { chainId name state failure alarm { id since provider } headBlock indexedBlock finalizedBlock } }';

export function addChainCommands(program: Command, env: Environment): void {
  const chain = program
    .command('chain')
    .description('the chains of a running system, and the embedded one by itself');
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
      for (const one of chains) say(chainLine(one));
    });
  chain
    .command('serve')
    .description(
      'the embedded chain alone, for programs that run by themselves; prints what they want to be told of it',
    )
    .option(
      '--host <address>',
      'where it listens; its accounts are public: never where strangers reach it',
      '127.0.0.1',
    )
    .action(async ({ host }: { readonly host: string }) => {
      const config = loadChainAloneConfig(env);
      await (await import('./chain-serve.js')).serveChain(config, host);
    });
  chain
    .command('providers')
    .argument('[chainId]', 'of this chain alone', chainIdOf)
    .description('whom the indexers ask: how each answers, what it failed of, and its limits')
    .action((chainId?: string) =>
      withSession(loadDataConfig(env), async ({ pool }) => {
        await migrateLeases(pool);
        const chainIds = chainId === undefined ? undefined : [Number(chainId)];
        const providers = await listChainProviders({ clock: Date.now, pool }, chainIds);
        for (const line of providers.flatMap(providerLines)) say(line);
        if (providers.length === 0) say('no indexer has told of any');
      }),
    );
  chain
    .command('decide-reorg')
    .argument('<chainId>', 'the chain that stands with REORG_TOO_DEEP or CHAIN_BEHIND', chainIdOf)
    .addOption(
      new Option('--accept', 'go on with the provider’s branch; final blocks of ours are taken back'),
    )
    .addOption(
      new Option('--wait', 'keep ours; what was accepted and is not carried out is withdrawn').conflicts(
        'accept',
      ),
    )
    .option('--alarm <id>', 'the alarm that it is about: refused where the chain stands with another by now')
    .requiredOption('--reason <text>', 'why: it stays in the log for good')
    .description('decides on a reorg below what is final; undecided, the chain waits for our branch')
    .action((chainId: string, { accept, alarm, reason, wait }: ReorgOptions) => {
      if (accept !== true && wait !== true) throw new InvalidArgumentError('Say --accept or --wait');
      return withSession(loadDataConfig(env), async ({ pool, store: log }) => {
        const kind = accept === true ? 'ACCEPT_REORG' : 'WAIT_FOR_BRANCH';
        const act = { ...actAtTheTerminal(kind, chainId, reason), kind, alarmId: alarm ?? null } as const;
        await migrateLeases(pool);
        await decideChainReorg({ log, pool, clock: Date.now }, act);
        say(`${accept === true ? 'accepted' : 'waiting'}: operation ${act.operationId}`);
      });
    });
}

export function chainLine(chain: ListedChain): string {
  const { alarm, chainId, failure, finalizedBlock, headBlock, indexedBlock, name, state } = chain;
  const called = name === null ? `${chainId}` : `${chainId}  ${name}`;
  const blocks = `head ${headBlock ?? '-'}, indexed ${indexedBlock ?? '-'}, final ${finalizedBlock ?? '-'}`;
  const stands = alarm === null ? '' : `  stands since ${alarm.since}, alarm ${alarm.id}${byWhom(alarm)}`;
  return `${called}  ${state}${failure === null ? '' : ` (${failure})`}  ${blocks}${stands}`;
}

const byWhom = ({ provider }: { readonly provider: string | null }): string =>
  provider === null ? '' : ` by ${provider}`;

function chainIdOf(text: string): string {
  if (/^[1-9]\d{0,14}$/.test(text)) return text;
  throw new InvalidArgumentError('A chain id is a number');
}
