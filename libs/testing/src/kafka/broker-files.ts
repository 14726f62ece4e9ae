import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who may log in where a cluster is secured. */
export const KAFKA_USER = { username: 'abland', password: 'a password of the test run' } as const;
const STORE_PASSWORD = 'changeit';

export interface NodePorts {
  /** Of clients: plain, or SASL over TLS where the cluster is secured. */
  readonly clients: number;
  readonly controller: number;
  /** Of the brokers among each other. */
  readonly brokers: number;
}

export interface NodePlan {
  readonly id: number;
  readonly folder: string;
  readonly ports: readonly NodePorts[];
  /** Folder of the certificates; null where clients come without. */
  readonly certificates: string | null;
}

/** Of `server.properties`; short sessions, so that a killed broker is soon missed and soon taken back. */
export function serverProperties({ certificates, folder, id, ports }: NodePlan): string {
  const own = ports[id - 1];
  if (own === undefined) throw new RangeError(`no ports for node ${id}`);
  const copies = Math.min(3, ports.length);
  const insync = copies > 2 ? 2 : 1;
  const voters = ports.map(({ controller }, index) => `${index + 1}@127.0.0.1:${controller}`).join(',');
  const clients = `CLIENTS://127.0.0.1:${own.clients},BROKERS://127.0.0.1:${own.brokers}`;
  const security = certificates === null ? 'PLAINTEXT' : 'SASL_SSL';
  return [
    'process.roles=broker,controller',
    `node.id=${id}`,
    `controller.quorum.voters=${voters}`,
    `listeners=${clients},CONTROLLER://127.0.0.1:${own.controller}`,
    `advertised.listeners=${clients}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=BROKERS',
    `listener.security.protocol.map=CLIENTS:${security},BROKERS:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    `log.dirs=${join(folder, 'data')}`,
    'auto.create.topics.enable=false',
    `default.replication.factor=${copies}`,
    `min.insync.replicas=${insync}`,
    `offsets.topic.replication.factor=${copies}`,
    `transaction.state.log.replication.factor=${copies}`,
    `transaction.state.log.min.isr=${insync}`,
    'transaction.state.log.num.partitions=4',
    'broker.heartbeat.interval.ms=250',
    'broker.session.timeout.ms=1500',
    'log.retention.check.interval.ms=1000',
    'log.initial.task.delay.ms=500',
    ...(certificates === null ? [] : securityProperties(certificates)),
    '',
  ].join('\n');
}

function securityProperties(certificates: string): string[] {
  const { username, password } = KAFKA_USER;
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return [
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.clients.plain.sasl.jaas.config=${plain} user_${username}="${password}";`,
    `listener.name.clients.scram-sha-256.sasl.jaas.config=${scram}`,
    `listener.name.clients.scram-sha-512.sasl.jaas.config=${scram}`,
    `ssl.keystore.location=${join(certificates, 'broker.p12')}`,
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.password=${STORE_PASSWORD}`,
  ];
}

export const LOG4J = `appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %c{1} %m%n
rootLogger.level = WARN
rootLogger.appenderRef.out.ref = out
`;

/** An authority of its own and a broker's certificate for 127.0.0.1; returns the authority's certificate in PEM. */
export async function makeCertificates(folder: string): Promise<string> {
  const authority = join(folder, 'authority.p12');
  const broker = join(folder, 'broker.p12');
  const [request, signed] = [join(folder, 'broker.csr'), join(folder, 'broker.pem')];
  const pem = join(folder, 'authority.pem');
  const keytool = (store: string, ...args: string[]): Promise<unknown> =>
    run('keytool', [...args, '-keystore', store, '-storetype', 'PKCS12', '-storepass', STORE_PASSWORD]);
  const key = ['-genkeypair', '-keyalg', 'EC', '-validity', '2'];
  await keytool(
    authority,
    ...key,
    '-alias',
    'ca',
    '-dname',
    'CN=authority of the test',
    '-ext',
    'bc:c=ca:true',
  );
  await keytool(authority, '-exportcert', '-rfc', '-alias', 'ca', '-file', pem);
  await keytool(broker, ...key, '-alias', 'broker', '-dname', 'CN=broker');
  await keytool(broker, '-certreq', '-alias', 'broker', '-file', request);
  const names = ['-ext', 'san=ip:127.0.0.1,dns:localhost'];
  await keytool(
    authority,
    '-gencert',
    '-rfc',
    '-alias',
    'ca',
    '-infile',
    request,
    '-outfile',
    signed,
    ...names,
  );
  await keytool(broker, '-importcert', '-noprompt', '-alias', 'ca', '-file', pem);
  const chain = `${await readFile(signed, 'utf8')}${await readFile(pem, 'utf8')}`;
  await writeFile(signed, chain);
  await keytool(broker, '-importcert', '-noprompt', '-alias', 'broker', '-file', signed);
  return readFile(pem, 'utf8');
}
