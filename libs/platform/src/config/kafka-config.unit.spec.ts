import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kafka } from './kafka-config.js';

const [CERTIFICATE = ''] = rootCertificates;
const BROKERS = { KAFKA_BROKERS: 'one:9092, two:9092' };
const LOGIN = {
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: 'abland',
  KAFKA_SASL_PASSWORD: 'secret',
};

describe('the configuration of Kafka', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-kafka-config-'));
    file = join(folder, 'ca.pem');
    await writeFile(file, CERTIFICATE);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is none where no broker is named', () => {
    expect(kafka({})).toBeNull();
  });

  it('has brokers and a prefix of topics, without TLS where nothing says otherwise', () => {
    const plain = { brokers: ['one:9092', 'two:9092'], topicPrefix: 'abland.', tls: null, sasl: null };
    expect(kafka(BROKERS)).toEqual(plain);
    expect(kafka({ ...BROKERS, KAFKA_TOPIC_PREFIX: 'trial-' })).toEqual({ ...plain, topicPrefix: 'trial-' });
  });

  it('trusts the authority of a file', () => {
    expect(kafka({ ...BROKERS, KAFKA_SSL_CA_FILE: file })).toMatchObject({
      tls: { ca: CERTIFICATE },
      sasl: null,
    });
  });

  it('sends a password over TLS only', () => {
    expect(kafka({ ...BROKERS, ...LOGIN })).toMatchObject({
      tls: { ca: null },
      sasl: { mechanism: 'scram-sha-512', username: 'abland', password: 'secret' },
    });
  });

  it.each([
    ['KAFKA_SASL_PASSWORD', { ...BROKERS, ...LOGIN, KAFKA_SASL_PASSWORD: '' }],
    ['KAFKA_SASL_USERNAME', { ...BROKERS, ...LOGIN, KAFKA_SASL_USERNAME: ' abland' }],
    ['KAFKA_SASL_USERNAME', { ...BROKERS, KAFKA_SASL_USERNAME: 'abland' }],
    ['KAFKA_SASL_MECHANISM', { ...BROKERS, ...LOGIN, KAFKA_SASL_MECHANISM: 'gssapi' }],
    ['KAFKA_SASL_MECHANISM', LOGIN],
    ['KAFKA_SSL_CA_FILE', { ...BROKERS, KAFKA_SSL_CA_FILE: '/nowhere/ca.pem' }],
    ['KAFKA_SSL_CA_FILE', { KAFKA_SSL_CA_FILE: '/nowhere/ca.pem' }],
    ['KAFKA_TOPIC_PREFIX', { ...BROKERS, KAFKA_TOPIC_PREFIX: 'with blanks ' }],
    ['KAFKA_BROKERS', { KAFKA_BROKERS: 'one' }],
    ['KAFKA_BROKERS', { KAFKA_BROKERS: 'one:9092,two:90920' }],
    ['KAFKA_BROKERS', { KAFKA_BROKERS: 'one:0' }],
  ])('names %s in %j', (variable, env) => {
    expect(() => kafka(env)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', variable }));
  });
});
