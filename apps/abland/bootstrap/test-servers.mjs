// What needs a real server that is no package of ours: installs it where it can, starts it, runs the tests on it, says what it skipped
// and why. Ends with the line `N passed, N failed, N skipped`; a file of tests that cannot run counts as one skipped.
import { execFileSync } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { root } from './toolchain.mjs';
import { endOnUnknown, runJest, runSteps, say, testEnvironment } from './test-run.mjs';

const USAGE = `npm run test:servers   the tests on real servers: Apache Kafka, one node and three, killed in the middle; Redis, killed and
                       standing; the demo on
                       chains of anvil and Geth; and the log as programs of others verify it;
                       NGINX and Prometheus as they are deployed

  Kafka is fetched by Maven and runs on Java 17 or newer; where one of them is missing its tests are skipped.
  Redis is installed from Debian's packages where it is not there; elsewhere its tests are skipped.
  The verifier and the witness are built by Go, which fetches golang.org/x/mod and filippo.io/torchwood; without Go their tests are skipped.
  NGINX and Prometheus are installed from Debian's packages as well, for what is deployed with them; actionlint, which checks the workflows of CI, is built by Go,
  and so is kustomize, for deploy/k8s; what it makes is checked by kubernetes-validate of the Python registry.
  anvil comes from npm, Geth is built by Go, which takes minutes the first time; where one is not to be had its tests are skipped.
  KAFKA_BROKERS=host:port,…   on these brokers instead, without what would kill them
`;
const TESTS = '**/*.servers.spec.ts';
/** Needs no broker. */
const OF_GO = /served-log\.servers/;
/** On chains of real clients. */
const OF_CLIENTS = /real-chains\.servers/;
/** On a Redis of their own. */
const OF_REDIS = /redis-[a-z-]+\.servers/;
/** What is deployed beside our programs, each file with a program of its own. */
const OF_DEPLOYMENT = /test\/deploy\//;
/** Need no Kafka. */
const OF_OTHERS = [OF_GO, OF_CLIENTS, OF_REDIS, OF_DEPLOYMENT];
/** Kill brokers, or need one that is as they made it. */
const OF_OWN_BROKERS = /kafka-(kills|topics)\.servers/;

endOnUnknown(process.argv.slice(2), USAGE);

const built = (path) => import(new URL(`../../../libs/testing/dist/${path}`, import.meta.url).href);

async function files(wanted) {
  const found = [];
  for await (const file of glob(
    ['libs/*/src/**/*.servers.spec.ts', 'apps/*/{src,test}/**/*.servers.spec.ts'],
    {
      cwd: root,
    },
  ))
    if (wanted(file)) found.push(file);
  return found.sort();
}

function skipped(name, found, reason) {
  for (const file of found) process.stdout.write(`skipped: ${file}: ${reason}\n`);
  return { name, passed: 0, failed: 0, skipped: found.length };
}

async function kafka() {
  const found = await files((file) => !OF_OTHERS.some((of) => of.test(file)));
  const others = OF_OTHERS.map(({ source }) => source);
  if (process.env.KAFKA_BROKERS !== undefined) {
    say(`Kafka at ${process.env.KAFKA_BROKERS}`);
    const left = skipped(
      '',
      found.filter((file) => OF_OWN_BROKERS.test(file)),
      'it is for brokers of its own',
    );
    const result = await onJest(['--testPathIgnorePatterns', OF_OWN_BROKERS.source, ...others]);
    return { ...result, skipped: result.skipped + left.skipped };
  }
  say('Kafka');
  try {
    const { installKafka } = await built('kafka/kafka.js');
    process.stdout.write('fetching Apache Kafka where it is not there yet\n');
    await installKafka();
  } catch (error) {
    return skipped('Kafka', found, error.message);
  }
  return onJest(['--testPathIgnorePatterns', ...others]);
}

/** One file after the other: each has brokers of its own, of half a gigabyte each. */
const onJest = (more) => runJest('Kafka', ['--runInBand', '--testMatch', TESTS, ...more]);

async function go() {
  say('the log as others verify it');
  try {
    execFileSync('go', ['version']);
  } catch {
    return skipped('Go', await files((file) => OF_GO.test(file)), 'Go is not here');
  }
  return runJest('Go', ['--testMatch', TESTS, '--testPathPatterns', OF_GO.source]);
}

async function redis() {
  say('Redis');
  const found = await files((file) => OF_REDIS.test(file));
  const { installRedis } = await built('redis.js');
  try {
    process.stdout.write('installing Redis where it is not there yet\n');
    await installRedis();
  } catch (error) {
    return skipped('Redis', found, error.message);
  }
  return runJest('Redis', ['--runInBand', '--testMatch', TESTS, '--testPathPatterns', OF_REDIS.source]);
}

async function clients() {
  const name = 'anvil and Geth';
  say(name);
  const found = await files((file) => OF_CLIENTS.test(file));
  const { CLIENTS } = await built('clients/clients.js');
  const there = [];
  let missing = 0;
  for (const client of Object.values(CLIENTS)) {
    process.stdout.write(`fetching ${client.name} where it is not there yet\n`);
    try {
      await client.install();
      there.push(client.name);
    } catch (error) {
      missing += skipped(client.name, found, `${client.name}: ${error.message}`).skipped;
    }
  }
  if (there.length === 0) return { name, passed: 0, failed: 0, skipped: missing };
  const env = { ...testEnvironment, ABLAND_TEST_CLIENTS: there.join(',') };
  const selected = ['--runInBand', '--testMatch', TESTS, '--testPathPatterns', OF_CLIENTS.source];
  const result = await runJest(name, selected, env);
  return { ...result, skipped: result.skipped + missing };
}

async function deployment() {
  const name = 'what is deployed';
  say(name);
  const { installFromDebian } = await built('debian-package.js');
  const { installActionlint } = await built('actionlint.js');
  const { installKubernetesValidate, installKustomize } = await built('kubernetes.js');
  const needs = [
    { of: /nginx\.servers/, install: () => installFromDebian('nginx', 'nginx-light', '-v') },
    { of: /prometheus\.servers/, install: () => installFromDebian('prometheus', 'prometheus') },
    { of: /workflows\.servers/, install: installActionlint },
    { of: /k8s\.servers/, install: installKustomize },
    {
      of: /k8s-schemas\.servers/,
      install: () => Promise.all([installKustomize(), installKubernetesValidate()]),
    },
  ];
  const there = [];
  let missing = 0;
  for (const { install, of } of needs) {
    try {
      await install();
      there.push(of.source);
    } catch (error) {
      missing += skipped(name, await files((file) => of.test(file)), error.message).skipped;
    }
  }
  if (there.length === 0) return { name, passed: 0, failed: 0, skipped: missing };
  const result = await runJest(name, ['--runInBand', '--testMatch', TESTS, '--testPathPatterns', ...there]);
  return { ...result, skipped: result.skipped + missing };
}

await runSteps([kafka, redis, go, clients, deployment]);
