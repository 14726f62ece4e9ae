import { openPostgresEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import pg from 'pg';
import { startProjections } from '../start.js';

// A projector of a test in a process of its own, to be killed. Needs DATABASE_URL; says `runs` once it does.
const connectionString = process.env['DATABASE_URL'] ?? '';
const pool = new pg.Pool({ connectionString, max: 5 });
pool.on('error', () => undefined);
const store = await openPostgresEventStore({ connectionString, logger: silentLogger });
startProjections({ store, pool, logger: silentLogger, clock: Date.now, batchSize: 20, standbyPauseMs: 20 });
process.stdout.write('runs\n');
