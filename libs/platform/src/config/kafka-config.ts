import { X509Certificate } from 'node:crypto';
import { ConfigError } from './config-error.js';
import { textOfNamedFile } from './named-file.js';
import { type Environment, read, required, type Value } from './variables.js';

/** Where the log stream is, where it is on Kafka. */
export interface KafkaConfig {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** Null: without TLS. `ca`: certificates in PEM; null for the authorities that the system trusts. */
  readonly tls: { readonly ca: string | null } | null;
  readonly sasl: KafkaSaslConfig | null;
}

export interface KafkaSaslConfig {
  readonly mechanism: NonNullable<Value<'KAFKA_SASL_MECHANISM'>>;
  readonly username: string;
  readonly password: string;
}

/** What says how the brokers are met, and nothing of tables. */
const OF_BROKERS = [
  'KAFKA_SSL_CA_FILE',
  'KAFKA_SASL_MECHANISM',
  'KAFKA_SASL_USERNAME',
  'KAFKA_SASL_PASSWORD',
] as const;

/** Null where the log stream is in the main database. A password never goes over a connection without TLS. @throws ConfigError */
export function kafka(env: Environment): KafkaConfig | null {
  const brokers = read(env, 'KAFKA_BROKERS');
  const topicPrefix = read(env, 'KAFKA_TOPIC_PREFIX');
  if (brokers === undefined) {
    const stray = OF_BROKERS.find((name) => read(env, name) !== undefined);
    if (stray === undefined) return null;
    throw new ConfigError(stray, 'says nothing of a log stream in PostgreSQL: set KAFKA_BROKERS too');
  }
  const ca = authority(read(env, 'KAFKA_SSL_CA_FILE'));
  const login = sasl(env);
  return { brokers, topicPrefix, tls: ca === null && login === null ? null : { ca }, sasl: login };
}

function sasl(env: Environment): KafkaSaslConfig | null {
  const mechanism = read(env, 'KAFKA_SASL_MECHANISM');
  if (mechanism === undefined) {
    const stray = (['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const).find(
      (name) => read(env, name) !== undefined,
    );
    if (stray !== undefined) throw new ConfigError(stray, 'says nothing without KAFKA_SASL_MECHANISM');
    return null;
  }
  const absent = 'must be set when KAFKA_SASL_MECHANISM is given';
  return {
    mechanism,
    username: required(env, 'KAFKA_SASL_USERNAME', absent),
    password: required(env, 'KAFKA_SASL_PASSWORD', absent),
  };
}

/** Certificates in PEM, as they are in the file. */
function authority(file: string | undefined): string | null {
  if (file === undefined) return null;
  const wrong = (problem: string): ConfigError =>
    new ConfigError('KAFKA_SSL_CA_FILE', `must name a file with a certificate in PEM: ${problem}`);
  const pem = textOfNamedFile(file, wrong);
  try {
    new X509Certificate(pem);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(code ?? message);
  }
  return pem;
}
