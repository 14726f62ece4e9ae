import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ProjectionBench } from '../testing/projection-bench.js';
import { newEvent } from '../testing/told-events.js';
import { listOperations, operationById } from './queries.js';

const id = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;
const at = (minute: number): string => `2026-01-01T12:0${minute}:00.000Z`;

describe('operations as queries read them', () => {
  let bench: ProjectionBench;
  beforeAll(async () => {
    bench = await ProjectionBench.open();
    for (const number of [1, 2, 3]) {
      const requested = newEvent(id(number), 'OperationRequested', {
        ...{ operationId: id(number), kind: 'ERASE_USER', subject: '0xabc', requestedBy: 'operator:ada' },
        ...{ reason: 'asked by letter', at: at(number) },
      });
      await bench.store.append(`operation-${id(number)}`, [requested], 'any');
    }
    const result = [{ name: 'keys', value: '1' }];
    const completed = newEvent(id(4), 'OperationCompleted', { operationId: id(1), result, at: at(5) });
    await bench.store.append(`operation-${id(1)}`, [completed], 'any');
    await bench.project();
  });
  afterAll(() => bench.close());

  it('are found by their id, with what came of them', async () => {
    expect(await operationById(bench.db, id(1))).toEqual({
      ...{ id: id(1), kind: 'ERASE_USER', subject: '0xabc', requestedBy: 'operator:ada' },
      ...{ reason: 'asked by letter', status: 'COMPLETED', result: [{ name: 'keys', value: '1' }] },
      ...{
        failureCode: null,
        failureReason: null,
        build: null,
        decision: null,
        requestedAt: at(1),
        endedAt: at(5),
      },
    });
    expect(await operationById(bench.db, id(9))).toBeNull();
  });

  it('are listed newest first, page by page', async () => {
    const first = await listOperations(bench.db, { page: { first: 2 } });
    const { endCursor: after } = first.pageInfo;
    const rest = await listOperations(bench.db, { page: { first: 2, after } });
    const listed = [...first.edges, ...rest.edges].map(({ node }) => [node.id, node.status]);
    expect(listed).toEqual([
      [id(3), 'REQUESTED'],
      [id(2), 'REQUESTED'],
      [id(1), 'COMPLETED'],
    ]);
  });
});
