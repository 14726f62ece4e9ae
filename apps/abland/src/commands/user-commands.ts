import { Argument, type Command } from 'commander';
import { parseAddress, refusal, ROLES, type Role, personalDataSubject, userStream } from '@abland/domain';
import { openEventStore } from '@abland/event-codec';
import {
  openPersonalKeys,
  PersonalDataCipher,
  personalDataCodec,
  type PostgresKeyStore,
} from '@abland/personal-data';
import type { EventStore } from '@abland/kernel';
import { inspectDatabase } from '@abland/postgres';
import type pg from 'pg';
import { type Environment, loadDataConfig, loadKeysConfig } from '@abland/platform';
import { masterKeysOf } from '../start/master-key.js';
import {
  actAtTheTerminal,
  operatorAtTheTerminal,
  recordAtTheTerminal,
} from './operations/act-at-the-terminal.js';
import { withSession } from './operator-session.js';
import { eraseUser } from './users/erase-user.js';
import { apiKeyLines, revokeApiKeys } from './users/api-keys.js';
import { changeRole } from './users/change-role.js';
import { describeUser } from './users/describe-user.js';
import { say } from '../terminal/say.js';

export function addUserCommands(program: Command, env: Environment): void {
  const users = program.command('users').description('people: what is known of them, and its erasure');
  users
    .command('show')
    .argument('<address>')
    .description('a person as the log has them, their texts opened where the key is there')
    .option('--history', 'every event of theirs', false)
    .action((address: string, flags: { history: boolean }) =>
      withPersonalData(env, async ({ store }) => {
        const stream = userStream(await parse(address));
        for await (const line of describeUser(store, stream, flags.history)) say(line);
      }),
    );
  users
    .command('erase')
    .argument('<address>')
    .requiredOption('--reason <text>', 'why: it stays in the log for good, so it names nobody')
    .description('makes all personal data of a person unreadable for good, here and in every copy')
    .action((address: string, flags: { reason: string }) =>
      withPersonalData(env, async (session) => erase(session, await parse(address), flags.reason)),
    );
  addRoleCommand(
    users,
    env,
    'GrantRole',
    'makes somebody who signed in something more: they are heeded within moments',
  );
  addRoleCommand(
    users,
    env,
    'RevokeRole',
    'takes a role of somebody; OPERATOR_ADDRESSES are the environment’s to change',
  );
  addApiKeyCommands(users, env);
  users
    .command('rotate-keys')
    .description(
      'wraps the keys of all persons with PERSONAL_DATA_KEY, so that PERSONAL_DATA_OLD_KEYS can go',
    )
    .action(() =>
      withPersonalData(env, async ({ keys }) => {
        say(`${await keys.rewrapAll()} keys were wrapped with another key and are wrapped anew`);
      }),
    );
}

function addRoleCommand(
  users: Command,
  env: Environment,
  type: 'GrantRole' | 'RevokeRole',
  description: string,
): void {
  users
    .command(type === 'GrantRole' ? 'grant' : 'revoke')
    .argument('<address>')
    .addArgument(new Argument('<role>').choices(ROLES))
    .requiredOption('--reason <text>', 'why: it stays in the log for good, so it names nobody')
    .description(description)
    .action((given: string, role: Role, { reason }: { reason: string }) =>
      withSession(loadDataConfig(env), async ({ store }) => {
        const address = await parse(given);
        const change = { type, address, role, reason, at: new Date().toISOString() };
        const { already, roles } = await changeRole(store, operatorAtTheTerminal(), change);
        say(
          `${address} is ${roles.join(', ') || 'nothing more than signed in'}${already ? ', as before' : ''}`,
        );
      }),
    );
}

function addApiKeyCommands(users: Command, env: Environment): void {
  users
    .command('keys')
    .argument('<address>')
    .description('the API keys of a person that are good, without their secrets')
    .action((given: string) =>
      withSession(loadDataConfig(env), async ({ store }) => {
        for (const line of await apiKeyLines(store, await parse(given), new Date().toISOString())) say(line);
      }),
    );
  users
    .command('revoke-key')
    .argument('<address>')
    .argument('[keyId]', 'as `users keys` lists it')
    .option('--all', 'in place of one: every key of theirs', false)
    .requiredOption('--reason <text>', 'why: it stays in the log for good, so it names nobody')
    .description('ends an API key of a person within moments everywhere, or all of theirs')
    .action((given: string, keyId: string | undefined, { all, reason }: { all: boolean; reason: string }) =>
      withSession(loadDataConfig(env), async ({ store }) => {
        const [address, at] = [await parse(given), new Date().toISOString()];
        const meant = { address, keyId: meantKey(keyId, all), reason, by: operatorAtTheTerminal(), at };
        const ended = await revokeApiKeys(store, meant);
        say(`${ended === 1 ? 'one key' : `${ended} keys`} of ${address} ended`);
      }),
    );
}

/** Null: all of them. @throws DomainError INVALID_ID */
function meantKey(keyId: string | undefined, all: boolean): string | null {
  if (all === (keyId !== undefined))
    throw refusal('INVALID_ID', 'Name one key, or give --all in its place', 'keyId');
  return keyId ?? null;
}

async function erase({ keys, pool, store }: PersonalSession, address: string, reason: string): Promise<void> {
  const act = actAtTheTerminal('ERASE_USER', address, reason);
  const { operationId: commandId, requestedBy } = act;
  const outcome = await recordAtTheTerminal({ pool, store }, act, async () => {
    const at = new Date().toISOString();
    const result = await eraseUser(store, { address, reason, requestedBy, commandId, at });
    // The worker does it too, whenever it runs next; nobody need wait for that.
    await keys.erase(personalDataSubject(address, result.registration));
    return { result, figures: [{ name: 'erasedAt', value: result.erasedAt }] };
  });
  say(
    outcome.already
      ? `${address} was erased before, at ${outcome.erasedAt}, by ${outcome.requestedBy}`
      : `${address} is erased: recorded at ${outcome.erasedAt}, and the key is destroyed`,
  );
}

interface PersonalSession {
  /** Opens personal data. */
  readonly store: EventStore;
  readonly keys: PostgresKeyStore;
  readonly pool: pg.Pool;
}

async function withPersonalData(
  env: Environment,
  run: (session: PersonalSession) => Promise<void>,
): Promise<void> {
  const config = loadKeysConfig(env);
  await withSession(loadDataConfig(env), async ({ databaseUrl, pool, storeUrl, logger }) => {
    const keysUrl = config.personalKeysUrl ?? databaseUrl;
    if (keysUrl !== databaseUrl) await inspectDatabase(keysUrl, 'PERSONAL_KEYS_URL');
    const { keys, close } = await openPersonalKeys(keysUrl, await masterKeysOf(config), logger);
    try {
      const store = await openEventStore(storeUrl, logger, personalDataCodec(new PersonalDataCipher(keys)));
      await run({ store, keys, pool }).finally(() => store.close());
    } finally {
      await close();
    }
  });
}

async function parse(address: string): Promise<string> {
  // Loaded late, so that the other commands start quickly.
  const { getAddress } = await import('ethers');
  return parseAddress(address, 'address', getAddress);
}
