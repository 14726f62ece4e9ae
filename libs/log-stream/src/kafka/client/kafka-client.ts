import type { Logger } from '@abland/kernel';
import type { Admin, Kafka, KafkaConfig, logCreator, Producer, SASLOptions } from 'kafkajs';
import type { KafkaConnection, KafkaSasl } from './kafka-connection.js';
import { GuardedSockets } from './guarded-sockets.js';
import { Cluster, kafkajs } from './kafkajs.js';
import type { Cluster as ClusterType } from './kafkajs-internals.js';

const CLIENT_ID = 'abland';
const CONNECT_MS = 5_000;
/** No answer by then, and the request has failed. A fetch that waits for messages is answered long before. */
const REQUEST_MS = 10_000;
const METADATA_MS_MAX = 60_000;
/** Within the client a failure is tried again for a few seconds: a broker leaves, another takes over. What lasts is its caller's. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 7 };
/** Foreign transactions hold nothing back: their messages are not ours, committed or not. */
export const READ_UNCOMMITTED = 0;

/** One use of kafkajs with connections of its own. What failed is thrown away with them, and opened anew. */
export class KafkaClient {
  readonly #sockets = new GuardedSockets();
  readonly #config: KafkaConfig;
  readonly #kafka: Kafka;

  constructor(
    private readonly connection: KafkaConnection,
    logger: Logger,
  ) {
    const { brokers, sasl, tls } = connection;
    this.#config = {
      brokers: [...brokers],
      clientId: CLIENT_ID,
      connectionTimeout: CONNECT_MS,
      authenticationTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      enforceRequestTimeout: true,
      retry: RETRY,
      logLevel: kafkajs.logLevel.WARN,
      logCreator: logTo(logger),
      socketFactory: this.#sockets.factory,
      ...(tls === null ? {} : { ssl: { ...(tls.ca === null ? {} : { ca: [tls.ca] }) } }),
      ...(sasl === null ? {} : { sasl: saslOptions(sasl) }),
    };
    this.#kafka = new kafkajs.Kafka(this.#config);
  }

  admin(): Admin {
    return this.#kafka.admin();
  }

  /** One request at a time: with more of them, kafkajs loses count of the sequence (#353, #598). */
  producer(): Producer {
    return this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MS_MAX,
      createPartitioner: () => () => 0,
      retry: RETRY,
    });
  }

  cluster(): ClusterType {
    return new Cluster({
      logger: this.#kafka.logger(),
      socketFactory: this.#sockets.factory,
      brokers: this.connection.brokers,
      ssl: this.#config.ssl as Exclude<KafkaConfig['ssl'], boolean>,
      sasl: this.#config.sasl as SASLOptions | undefined,
      clientId: CLIENT_ID,
      connectionTimeout: CONNECT_MS,
      authenticationTimeout: REQUEST_MS,
      reauthenticationThreshold: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      enforceRequestTimeout: true,
      metadataMaxAge: METADATA_MS_MAX,
      retry: { ...RETRY, retries: 2 },
      allowAutoTopicCreation: false,
      isolationLevel: READ_UNCOMMITTED,
    });
  }

  close(): void {
    this.#sockets.destroy();
  }
}

function saslOptions({ mechanism, password, username }: KafkaSasl): SASLOptions {
  return { mechanism, username, password } as SASLOptions;
}

/** It calls an error what it tries again by itself: whatever comes of it in the end is told by an error of ours. */
function logTo(logger: Logger): logCreator {
  const to = logger.child({ client: 'kafkajs' });
  return () =>
    ({ log: { message, logger: _, timestamp: __, ...fields }, namespace }) =>
      to.debug({ ...fields, namespace }, message);
}
