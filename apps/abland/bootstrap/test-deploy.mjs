// The images and what docker-compose.yml brings up, on a real Docker engine. Ends with the line `N passed, N failed, N skipped`; what cannot
// run here is counted as skipped, and told with its reason.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { makeDebian, makeNode, makeStandIn, startEngine } from './container-engine.mjs';
import { root } from './toolchain.mjs';
import { endOnUnknown, runSteps, say } from './test-run.mjs';

const USAGE = `npm run test:deploy   builds the images on a Docker engine and runs them: their size, rights, signals and health; the databases of
                      docker-compose.yml with a replica, the migrations, the embedded chain. An engine that answers is used; else one of
                      Debian's packages is started (root), with images of its packages under the names that are pulled elsewhere.

  ABLAND_TEST_ENGINE=folder   where an engine of our own keeps what it makes, for the next time; default: a folder that is removed
`;
endOnUnknown(process.argv.slice(2), USAGE);

const MEBIBYTE = 2 ** 20;
const IMAGE_MEBIBYTES_MAX = 150;
const STOPS_WITHIN_MS = 15_000;
const WELL_WITHIN_MS = 180_000;
const PROJECT = 'abland-test-deploy';
/** Of docker-compose.yml, what is not started here yet. */
const NOT_STARTED = {
  'eventstoredb, kafka': 'no image of theirs is made here',
  'api-1, api-2, indexer, projector, worker, their standbys, nginx': 'they want EventStoreDB and Kafka',
  'prometheus, grafana':
    'they watch what is not started; npm run test:servers asks a real Prometheus every question of the dashboards',
  ipfs: 'of a profile, and used by no program of this version',
};

/** One promise after the other, each counted; one that fails keeps no other from it. */
class Checks {
  passed = 0;
  failed = 0;

  async that(what, holds) {
    try {
      const told = await holds();
      process.stdout.write(`  ok: ${what}${typeof told === 'string' && told !== '' ? `: ${told}` : ''}\n`);
      this.passed += 1;
    } catch (error) {
      process.stdout.write(`  FAILED: ${what}: ${error.stderr || error.message}\n`);
      this.failed += 1;
    }
  }
}

function equal(found, wanted) {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

async function until(holds, withinMs = WELL_WITHIN_MS) {
  for (const end = Date.now() + withinMs; ; await pause(500))
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
}

const ca = '/etc/ssl/certs/ca-certificates.crt';
/** Packages come through whatever this machine trusts. */
const trust = () => (existsSync(ca) ? ['--secret', `id=ca,src=${ca}`] : []);

async function build(engine, image, target) {
  const time = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).trim();
  const args = [
    'build',
    '--quiet',
    '--tag',
    image,
    '--target',
    target,
    '--build-arg',
    `SOURCE_DATE_EPOCH=${time}`,
    ...trust(),
    '.',
  ];
  await engine.docker(args, { minutes: 40 });
}

const sizeOf = async (engine, image) =>
  Number(await engine.docker(['image', 'inspect', '--format', '{{.Size}}', image]));

/** Exit code and all that it said. */
const ended = (engine, args) =>
  engine.docker(['run', '--rm', '--read-only', '--cap-drop', 'ALL', ...args]).then(
    (said) => ({ code: 0, said }),
    ({ code, stderr, stdout }) => ({ code, said: `${stdout}${stderr}` }),
  );

async function images(engine, checks) {
  say('images');
  await checks.that('the programs’ image is built', () => build(engine, 'abland', 'programs'));
  await checks.that('the chain’s image is built', () => build(engine, 'abland-chain', 'chain'));
  await checks.that(
    `the programs take less than ${IMAGE_MEBIBYTES_MAX} MiB on top of their base`,
    async () => {
      const mebibytes =
        ((await sizeOf(engine, 'abland')) - (await sizeOf(engine, 'node:24-bookworm-slim'))) / MEBIBYTE;
      if (mebibytes > IMAGE_MEBIBYTES_MAX) throw new Error(`they take ${mebibytes.toFixed(1)}`);
      return `${mebibytes.toFixed(1)} MiB`;
    },
  );
  await checks.that('every program runs without root, rights and a file that it may write', async () => {
    equal(await engine.docker(['image', 'inspect', '--format', '{{.Config.User}}', 'abland']), '1000:1000');
    for (const program of ['api', 'indexer', 'projector', 'worker']) {
      const { code, said } = await ended(engine, ['abland', program, '--help']);
      equal([code, said.startsWith(`Usage: npm run ${program}`)], [0, true]);
    }
  });
  await checks.that('a program that there is none of is refused', async () =>
    equal((await ended(engine, ['abland', 'sh'])).code, 64),
  );
  await checks.that('what is missing is told by its name', async () => {
    const { code, said } = await ended(engine, ['abland', 'migrate']);
    equal([code, said.includes('DATABASE_URL must be set')], [1, true]);
  });
}

/** What stands on the databases alone, as docker-compose.yml has it. */
async function parts(engine, checks, secrets) {
  say('docker-compose.yml');
  execFileSync(process.execPath, [join(root, 'deploy/compose/secrets.mjs'), secrets], { stdio: 'ignore' });
  // A network of its own that nobody else here has, and ports that are free.
  const env = { SECRETS_DIR: secrets, CHAIN_PORT: '0', COMPOSE_PROJECT_NAME: PROJECT };
  const compose = (...args) => engine.compose(['--env-file', '.env.example', ...args], { env, minutes: 15 });
  const wellOf = async (service) => {
    const id = await compose('ps', '-q', service);
    equal(await engine.docker(['inspect', '--format', '{{.State.Health.Status}}', id]), 'healthy');
    return id;
  };
  const ask = async (service, sql) =>
    engine.docker([
      'exec',
      await compose('ps', '-q', service),
      'psql',
      '-h',
      '/var/run/postgresql',
      '-U',
      'abland',
      '-d',
      'abland',
      '-tAc',
      sql,
    ]);
  try {
    await checks.that('the file holds together', () => compose('config', '--quiet'));
    await checks.that(
      'PostgreSQL, its replica, Redis and the embedded chain become well, in their order',
      async () => {
        await compose('up', '-d', '--no-build', 'postgres-replica', 'redis', 'chain');
        for (const service of ['postgres', 'postgres-replica', 'redis', 'chain'])
          await until(() => wellOf(service));
      },
    );
    await checks.that('the migrations end well, and have nothing to do the second time', async () => {
      const first = await compose('run', '--rm', '--no-deps', 'migrate');
      const [, count] = /(\d+) applied/.exec(first) ?? [];
      if (!(Number(count) > 10)) throw new Error(first);
      equal((await compose('run', '--rm', '--no-deps', 'migrate')).includes('nothing to apply'), true);
      return `${count} applied`;
    });
    await checks.that('the replica follows the primary, and takes no writes', async () => {
      equal(await ask('postgres-replica', 'SELECT pg_is_in_recovery()'), 't');
      await until(async () =>
        equal(
          await ask('postgres-replica', 'SELECT count(*) FROM api.migrations'),
          await ask('postgres', 'SELECT count(*) FROM api.migrations'),
        ),
      );
      equal(await ask('postgres', 'SELECT state FROM pg_stat_replication'), 'streaming');
      const written = await ask('postgres-replica', 'CREATE TABLE x ()').then(
        () => 'written',
        () => 'refused',
      );
      equal(written, 'refused');
    });
    await checks.that(
      'the replica goes on where it was after it was stopped, and after the primary was killed',
      async () => {
        await compose('stop', 'postgres-replica');
        await ask('postgres', 'CREATE TABLE public.written_meanwhile ()');
        await engine.docker(['kill', await compose('ps', '-q', 'postgres')]);
        await compose('up', '-d', '--no-build', 'postgres', 'postgres-replica');
        await until(() => wellOf('postgres'));
        await until(async () =>
          equal(
            await ask('postgres-replica', "SELECT to_regclass('public.written_meanwhile') IS NOT NULL"),
            't',
          ),
        );
      },
    );
    await checks.that('Redis wants its password', async () => {
      const id = await wellOf('redis');
      const refused = await engine.docker(['exec', id, 'redis-cli', 'get', 'x']);
      equal(refused.startsWith('NOAUTH'), true);
      const [, password] = readFileSync(join(secrets, 'redis_configuration'), 'utf8').trim().split(' ');
      equal(
        await engine.docker(['exec', id, 'redis-cli', '-a', password, '--no-auth-warning', 'ping']),
        'PONG',
      );
    });
    await checks.that(
      'the chain has our contracts where .env.example says, ends by a signal in order, and has them again',
      async () => {
        const wanted = /^LIQUIDITY_MANAGER_ADDRESS=0x\w{40}$/m.exec(
          readFileSync(join(root, '.env.example'), 'utf8'),
        )?.[0];
        const id = await wellOf('chain');
        equal((await engine.docker(['logs', id])).includes(wanted), true);
        const started = Date.now();
        await engine.docker(['stop', '--time', '60', id]);
        equal(
          [
            await engine.docker(['inspect', '--format', '{{.State.ExitCode}}', id]),
            Date.now() - started < STOPS_WITHIN_MS,
          ],
          ['0', true],
        );
        await engine.docker(['start', id]);
        await until(() => wellOf('chain'));
      },
    );
  } finally {
    await compose('down', '--volumes', '--timeout', '30').catch((error) =>
      process.stdout.write(`${error.message}\n`),
    );
  }
}

async function onEngine() {
  const name = 'on a Docker engine';
  const kept = process.env.ABLAND_TEST_ENGINE;
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'abland-engine-')));
  const secrets = await mkdtemp(join(tmpdir(), 'abland-secrets-'));
  const checks = new Checks();
  let engine = null;
  const skipped = Object.entries(NOT_STARTED);
  try {
    try {
      say('a Docker engine');
      engine = await startEngine(folder);
      process.stdout.write('making base images where there are none\n');
      await makeDebian(engine, folder);
      await makeNode(engine, folder);
      await makeStandIn(engine, 'postgres:18', 'postgres');
      await makeStandIn(engine, 'redis:7', 'redis');
    } catch (error) {
      process.stdout.write(`skipped: images and docker-compose.yml: ${error.message}\n`);
      return { name, passed: 0, failed: 0, skipped: 2 + skipped.length };
    }
    await images(engine, checks);
    await parts(engine, checks, secrets);
    for (const [what, why] of skipped) process.stdout.write(`skipped: ${what}: ${why}\n`);
    return { name, passed: checks.passed, failed: checks.failed, skipped: skipped.length };
  } finally {
    await engine?.stop();
    await rm(secrets, { recursive: true, force: true });
    if (kept === undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
await runSteps([onEngine]);
