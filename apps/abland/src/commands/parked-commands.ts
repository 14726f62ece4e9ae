import type { Command } from 'commander';
import { listParkedEvents, type ParkedEventView } from '@abland/api';
import { type Environment, loadDataConfig } from '@abland/platform';
import { withSession } from './operator-session.js';

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
}

function parkedLine({
  at,
  by,
  code,
  eventId,
  parkedAt,
  position,
  reason,
  stream,
  type,
}: ParkedEventView): string {
  const place = position === null ? stream : `${stream}, position ${position}`;
  return `${parkedAt}  ${at} ${by}  ${code}  ${type} ${eventId} (${place}): ${reason}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
