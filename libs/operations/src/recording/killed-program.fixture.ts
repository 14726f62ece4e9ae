import type { EventStore } from '@abland/kernel';
import type { Pool, PoolClient } from 'pg';

/** Before which statement on the database, or append to the log, a program is killed. */
export type Moment = 'before its act' | 'after its act' | 'before it tells the log';

/** The log and the database as a program has them that is killed: nothing that it does then reaches either. */
export function killedProgram(
  { log, pool }: { readonly log: EventStore; readonly pool: Pool },
  moment: Moment,
): { readonly log: EventStore; readonly pool: Pool } {
  let isDead = false;
  const reach = <Result>(ask: () => Promise<Result>): Promise<Result> =>
    isDead ? Promise.reject(new Error('killed')) : ask();
  const ofClient = (client: PoolClient): PoolClient =>
    proxyOf(client, 'query', async (...given: [unknown, ...unknown[]]) => {
      if (moment === 'before its act' && given[0] === 'BEGIN') isDead = true;
      const result = await reach(() => Reflect.apply(client.query, client, given) as Promise<unknown>);
      if (moment === 'after its act' && given[0] === 'COMMIT') isDead = true;
      return result;
    });
  const dyingPool = proxyOf(
    proxyOf(pool, 'query', (...given) => reach(() => Reflect.apply(pool.query, pool, given))),
    'connect',
    () => reach(async () => ofClient(await pool.connect())),
  );
  const dyingLog = proxyOf(log, 'append', (...given) => {
    const [, events] = given as unknown as Parameters<EventStore['append']>;
    if (events.some(({ type }) => type !== 'OperationRequested')) isDead = true;
    return reach(() => Reflect.apply(log.append, log, given));
  });
  return { log: dyingLog, pool: dyingPool };
}

function proxyOf<Target extends object>(
  target: Target,
  name: keyof Target,
  ask: (...given: [unknown, ...unknown[]]) => Promise<unknown>,
): Target {
  return new Proxy(target, {
    get(_, key) {
      if (key === name) return ask;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
