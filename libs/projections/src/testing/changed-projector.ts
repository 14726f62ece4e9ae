import { openEventStore } from '@abland/event-codec';
import { silentLogger } from '@abland/kernel';
import pg from 'pg';
import { prepareProjections } from '../builds/prepare.js';
import { runProjections } from '../builds/runner.js';
import { chainPlaceOf, type Projection } from '../engine/projection.js';
import { PROJECTIONS } from '../projections.js';
import { tokensProjection } from '../tokens/projection.js';
import { tokens } from '../tokens/tables.js';

// A projector of a later version, in which one definition is another: tokens are named in capitals. It waits to be promoted. Needs
// DATABASE_URL; says `runs` once it does.
const { TokenCreated: created, ...others } = tokensProjection.handlers;
if (created === undefined) throw new Error('The projection of tokens does not know how one begins');
const changed: Projection = {
  ...tokensProjection,
  version: tokensProjection.version + 1,
  handlers: {
    ...others,
    TokenCreated: {
      ...created,
      apply: (event, rows) => {
        created.apply(event, rows);
        const key = { chain_id: chainPlaceOf(event).chainId, address: event.data.tokenAddress };
        rows.patch(tokens, key, { name: event.data.name.toUpperCase() });
      },
    },
  },
};
const projections = PROJECTIONS.map((one) => (one === tokensProjection ? changed : one));

const connectionString = process.env['DATABASE_URL'] ?? '';
const pool = new pg.Pool({ connectionString, max: 5 });
pool.on('error', () => undefined);
const store = await openEventStore(connectionString, silentLogger);
await prepareProjections(pool, projections, { promotesItself: false });
runProjections({ store, pool, projections, logger: silentLogger, clock: Date.now });
process.stdout.write('runs\n');
