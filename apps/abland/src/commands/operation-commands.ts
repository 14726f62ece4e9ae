import type { Command } from 'commander';
import { parseUuid } from '@abland/domain';
import { approveOperation, declineOperation } from '@abland/operations';
import { migrateLeases } from '@abland/postgres';
import { type Environment, loadDataConfig } from '@abland/platform';
import { createReadModel, listOperations, operationById } from '@abland/projections';
import { NotThereError } from './errors.js';
import { withSession } from './operator-session.js';
import { operatorAtTheTerminal } from './operations/act-at-the-terminal.js';
import { describeOperation, operationLine } from './operations/describe-operation.js';
import { say } from '../terminal/say.js';

const DECISIONS = [
  {
    name: 'approve',
    description: 'does what another operator asked for, where it takes two',
    run: approveOperation,
  },
  {
    name: 'decline',
    description: 'says that what waits for a second operator is not to be done',
    run: declineOperation,
  },
] as const;

const LISTED_MAX = 50;

export function addOperationCommands(program: Command, env: Environment): void {
  const operations = program
    .command('operations')
    .description('what operators did: who, why, and what came of it');
  operations
    .command('list')
    .description(`the newest ${LISTED_MAX}, as the read models have them`)
    .action(() =>
      withSession(loadDataConfig(env), async ({ pool }) => {
        const { edges } = await listOperations(createReadModel(pool), { page: { first: LISTED_MAX } });
        for (const { node } of edges) say(operationLine(node));
        if (edges.length === 0) say('0 operations');
      }),
    );
  for (const { description, name, run } of DECISIONS) {
    operations
      .command(name)
      .argument('<id>', 'as `list` tells it')
      .requiredOption('--reason <text>', 'why: it stays in the log')
      .description(description)
      .action((id: string, { reason }: { reason: string }) =>
        withSession(loadDataConfig(env), async ({ logger, pool, store: log }) => {
          const operationId = parseUuid(id, 'id');
          await migrateLeases(pool);
          const ports = { log, logger, pool, clock: Date.now };
          await run(ports, { operationId, by: operatorAtTheTerminal(), reason });
          say(`${name}d: operation ${operationId}`);
        }),
      );
  }
  operations
    .command('show')
    .argument('<id>')
    .description('one of them, whole')
    .action((id: string) =>
      withSession(loadDataConfig(env), async ({ pool }) => {
        const operation = await operationById(createReadModel(pool), parseUuid(id, 'id'));
        if (operation === null) throw new NotThereError('operation', id);
        for (const line of describeOperation(operation)) say(line);
      }),
    );
}
