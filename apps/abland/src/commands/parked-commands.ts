import type { Command } from 'commander';
import { decideParkedEvent, type ParkedEventAct } from '@abland/operations';
import { type Environment, loadDataConfig } from '@abland/platform';
import { listParkedEvents, type ParkedEventView } from '@abland/projections';
import { withSession } from './operator-session.js';
import { actAtTheTerminal, awaitsApproval } from './operations/act-at-the-terminal.js';
import { say } from '../terminal/say.js';

const LISTED_MAX = 100;

export function addParkedCommands(program: Command, env: Environment): void {
  const parked = program
    .command('parked')
    .description('what the log stream, ingestion, a read model or a process left out for the rest to go on');
  parked
    .command('list')
    .description(`the oldest ${LISTED_MAX}: when, where, why, and which event`)
    .action(() =>
      withSession(loadDataConfig(env), async ({ pool }) => {
        const { edges, pageInfo } = await listParkedEvents(pool, { page: { first: LISTED_MAX } });
        for (const { node } of edges) say(parkedLine(node));
        say(pageInfo.hasNextPage ? `the first ${edges.length}; there are more` : `${edges.length} parked`);
      }),
    );
  decision(
    'retry',
    'RETRY_PARKED_EVENT',
    'reads a log that ingestion parked anew and takes its fact in; builds a read model anew that parked an event; lets a process go over the log again',
  );
  decision(
    'skip',
    'SKIP_PARKED_EVENT',
    'leaves what ingestion, a read model or a process parked out for good',
  );

  function decision(name: string, kind: ParkedEventAct['kind'], description: string): void {
    parked
      .command(name)
      .argument('<id>', 'as `list` tells it')
      .requiredOption('--reason <text>', 'why: it stays in the log for good')
      .description(description)
      .action((id: string, { reason }: { reason: string }) =>
        withSession(loadDataConfig(env), async ({ approvals, pool, store: log }) => {
          const act = { ...actAtTheTerminal(kind, id, reason), kind };
          const became = await decideParkedEvent({ log, pool, approvals, clock: Date.now }, act);
          const { operationId } = act;
          say(became === 'DONE' ? `done: operation ${operationId}` : awaitsApproval(operationId));
        }),
      );
  }
}

function parkedLine({ id, at, by, code, parkedAt, position, reason, stream, type }: ParkedEventView): string {
  const place = position === null ? stream : `${stream}, position ${position}`;
  return `${parkedAt}  ${at} ${by}  ${code}  ${type} ${id} (${place}): ${reason}`;
}
