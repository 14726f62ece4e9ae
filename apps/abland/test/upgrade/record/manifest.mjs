import { userDecider } from '@abland/domain';
import { EVENT_VERSIONS } from '@abland/event-codec';
import { openBareEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { measureLog } from '@abland/log-tools';
import { migrationHashes } from '../../../dist/migrations/all-migrations.js';
import { MASTER_KEY } from './recorded-system.mjs';

/** What the stopped system is held to later: its own words, by its own commands. */
export async function describeSystem(system, told) {
  const checksums = await system.command('projections', 'checksum');
  const { at, log } = await system.withDatabase(async (client, url) => ({
    at: await atTheHead(client),
    log: await measureStored(url),
  }));
  return {
    recordedAt: at,
    migrations: migrationHashes(),
    versions: { events: EVENT_VERSIONS, states: { user: userDecider.stateVersion } },
    log,
    missing: Object.keys(EVENT_VERSIONS).filter((type) => log.byType[type] === undefined),
    checksums: Object.fromEntries(
      [...checksums.matchAll(/^([0-9a-f]{64}) {2}(\w+) \(\d+ rows\)$/gm)].map(([, sum, table]) => [
        table,
        sum,
      ]),
    ),
    masterKey: MASTER_KEY,
    ...told,
  };
}

/** The log as it is stored, before any codec of a program. */
async function measureStored(url) {
  const store = await openBareEventStore(url, silentLogger);
  const { events, checksum, byType } = await measureLog(store);
  await store.close();
  return { events: Number(events), checksum, byType: countsOf(byType) };
}

/** The read models of a recording are at the log's end, so that they may not change afterwards. Returns the log's last moment. */
async function atTheHead(client) {
  const { rows } = await client.query(
    `SELECT projection, head - position AS behind
       FROM projections.builds, (SELECT max(position) AS head FROM event_store.events) AS log
      WHERE state = 'LIVE'`,
  );
  const late = rows.filter(({ behind }) => behind !== '0');
  if (late.length > 0) throw new Error(`Behind the log: ${JSON.stringify(late)}`);
  const last = await client.query('SELECT max(recorded_at) AS at FROM event_store.events');
  return last.rows[0].at.toISOString();
}

const countsOf = (counts) =>
  Object.fromEntries([...counts].sort().map(([type, count]) => [type, Number(count)]));
