/** Where the brokers are, and with what they let us in. */
export interface KafkaConnection {
  /** `host:port` of some of them: the others are learnt from these. */
  readonly brokers: readonly string[];
  /** Begins the name of each topic, so that several environments have room in one cluster. */
  readonly topicPrefix: string;
  /** Null: without TLS. `ca` in PEM; null for the authorities that the system trusts. */
  readonly tls: { readonly ca: string | null } | null;
  readonly sasl: KafkaSasl | null;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}
