import type { Command } from 'commander';
import { AblandError } from '@abland/kernel';
import { actOnBuilds, type BuildActKind, notingIn } from '@abland/operations';
import { type Environment, loadDataConfig } from '@abland/platform';
import {
  type Build,
  type BuildDifferences,
  buildDifferences,
  changeBuild,
  differenceReports,
  isUnexplained,
  listBuilds,
  type NoteBuilds,
  promoteBuild,
  switchBackProjection,
} from '@abland/projections';
import { buildLine } from './builds/build-line.js';
import { actAtTheTerminal, awaitsApproval, recordAtTheTerminal } from './operations/act-at-the-terminal.js';
import { type OperatorSession, withSession } from './operator-session.js';
import { say } from '../terminal/say.js';

/** What is asked for at the terminal. */
interface Asked {
  readonly projection: string;
  readonly build?: number;
  readonly reason: string;
  readonly note: NoteBuilds;
}

/** What an operator does with one build, and by which name it stands in the log. */
interface Act {
  readonly name: string;
  readonly kind: BuildActKind;
  readonly description: string;
  readonly run: (session: OperatorSession, asked: Asked) => Promise<string>;
}

const ACTS: readonly Act[] = [
  {
    name: 'pause',
    kind: 'PAUSE_PROJECTION',
    description: 'lets a build stand until it is resumed',
    run: async (session, asked) => `paused ${told(await changeBuild('PAUSE', { ...session, ...asked }))}`,
  },
  {
    name: 'resume',
    kind: 'RESUME_PROJECTION',
    description: 'lets a build that is paused, or has failed, go on',
    run: async (session, asked) => `resumed ${told(await changeBuild('RESUME', { ...session, ...asked }))}`,
  },
  {
    name: 'promote',
    kind: 'PROMOTE_PROJECTION',
    description: 'puts a build that is ready in the place of the live one, which is kept for a switch back',
    run: async (session, asked) => `promoted ${told(await promoteBuild({ ...session, ...asked }))}`,
  },
  {
    name: 'switch-back',
    kind: 'SWITCH_BACK_PROJECTION',
    description: 'lets what was live before catch up, and puts it in the place of what is',
    run: async (session, asked) => {
      const { seconds } = await switchBackProjection({ ...session, ...asked, clock: Date.now });
      return `switched ${asked.projection} back in ${seconds.toFixed(1)} s`;
    },
  },
  {
    name: 'discard',
    kind: 'DISCARD_PROJECTION',
    description:
      'drops a build that is not live, with all its tables; one that is being built is ended by it',
    run: async (session, asked) =>
      `discarded ${told(await changeBuild('DISCARD', { ...session, ...asked }))}`,
  },
];

/** Below `projections`. */
export function addBuildCommands(projections: Command, env: Environment): void {
  projections
    .command('builds')
    .description('the tables of each, live and beside: state, place, definition, who asked and why')
    .action(() => withSession(loadDataConfig(env), printBuilds));
  projections
    .command('differences')
    .argument('<name>', 'of the projection')
    .option('--build <number>', 'which of its builds, where several are ready')
    .description(
      'what readers would see otherwise once a build that is ready is promoted: rows, columns, samples',
    )
    .action((projection: string, flags: { build?: string }) =>
      withSession(loadDataConfig(env), async ({ pool }) =>
        printDifferences(
          await buildDifferences(pool, projection, { build: buildNumber(flags.build) ?? undefined }),
        ),
      ),
    );
  projections
    .command('reports')
    .argument('<name>', 'of the projection')
    .description('what was found when builds of it became ready and were compared with the live one')
    .action((projection: string) =>
      withSession(loadDataConfig(env), async ({ pool }) => {
        const reports = await differenceReports(pool, projection);
        if (reports.length === 0) say('None was compared yet.');
        for (const { explained, madeAt, ...found } of reports) {
          say(`${madeAt}  ${explained ? 'all is explained' : 'NOT explained'}`);
          printDifferences(found);
        }
      }),
    );
  for (const { description, kind, name, run } of ACTS) {
    projections
      .command(name)
      .argument('<name>', 'of the projection')
      .option('--build <number>', 'which of its builds, as `builds` tells it, where there are several')
      .requiredOption('--reason <text>', 'why: it stays in the log')
      .description(description)
      .action((projection: string, flags: { build?: string; reason: string }) =>
        withSession(loadDataConfig(env), async (session) => {
          const build = buildNumber(flags.build);
          const act = actAtTheTerminal(kind, projection, flags.reason);
          const named = build === null ? {} : { build };
          if (session.approvals.has(kind)) {
            const { approvals, logger, pool, store: log } = session;
            await actOnBuilds({ log, pool, logger, approvals, clock: Date.now }, { ...act, kind, ...named });
            return say(awaitsApproval(act.operationId));
          }
          const done = await recordAtTheTerminal(session, act, async (hand) => {
            const asked = { projection, reason: flags.reason, note: notingIn(hand), ...named };
            return { result: await run(session, asked), figures: [] };
          });
          say(done);
        }),
      );
  }
}

async function printBuilds({ pool, store }: OperatorSession): Promise<void> {
  const builds = await listBuilds(pool, await store.head());
  if (builds.length === 0) return say('No projection has run yet: start the system once.');
  for (const build of builds) say(buildLine(build));
}

function printDifferences({ build, checksums, live, position, projection, tables }: BuildDifferences): void {
  const differing = tables.filter(isUnexplained).length;
  say(
    `${projection}: build ${build} beside the live ${live}, both at ${position ?? '-'}: ${differing} tables differ unexplained`,
  );
  if (checksums !== null) {
    say(`checksum of the live one: ${checksums.live}`);
    say(
      `checksum of the build:    ${checksums.build}${checksums.build === checksums.live ? ' (equal)' : ''}`,
    );
  }
  for (const { added, changed, onlyBuild, onlyLive, removed, sample, table, unexplained } of tables) {
    say(`${table}: ${changed} rows changed, ${onlyLive} gone, ${onlyBuild} new; ${unexplained} unexplained`);
    if (added.length > 0) say(`  added: ${added.join(', ')}`);
    if (removed.length > 0) say(`  removed: ${removed.join(', ')}`);
    for (const row of sample) say(`  ${JSON.stringify(row)}`);
  }
}

const told = ({ id, projection }: Build): string => `build ${id} of ${projection}`;

function buildNumber(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new NotABuildError(`Not the number of a build: ${text}`);
  return Number(text);
}

class NotABuildError extends AblandError {
  readonly code = 'INVALID_BUILD_NUMBER';
}
