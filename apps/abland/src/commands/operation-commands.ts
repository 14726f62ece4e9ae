import type { Command } from 'commander';
import { parseUuid } from '@abland/domain';
import { type Environment, loadDataConfig } from '@abland/platform';
import { createReadModel, listOperations, operationById } from '@abland/projections';
import { withSession } from './operator-session.js';
import { describeOperation, operationLine } from './operations/describe-operation.js';

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
      }),
    );
  operations
    .command('show')
    .argument('<id>')
    .description('one of them, whole')
    .action((id: string) =>
      withSession(loadDataConfig(env), async ({ pool }) => {
        const operation = await operationById(createReadModel(pool), parseUuid(id, 'id'));
        if (operation === null) throw new Error(`There is no operation ${id}`);
        for (const line of describeOperation(operation)) say(line);
      }),
    );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
