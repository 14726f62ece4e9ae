import type { PersonalDataCipher } from '@abland/personal-data';
import type { Clock, EventStore, Logger } from '@abland/kernel';
import type { GovernanceAddresses } from '@abland/platform';
import type pg from 'pg';
import type { Registry } from 'prom-client';

export interface ApiSettings {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Where browsers reach the API; sign-in messages are bound to its origin. */
  readonly publicUrl: string;
  readonly jwtSecret: string;
  /** Origins that browsers may call from beside the API's own; empty: none. */
  readonly corsOrigins: readonly string[];
  /** Checksummed addresses of who may do what only operators may. */
  readonly operators: readonly string[];
  readonly chain: {
    readonly chainId: number;
    readonly finalityDepth: number;
    readonly tokenFactory: string;
    readonly liquidityManager: string;
    /** Null where relayed commands are not offered. */
    readonly forwarder: string | null;
    /** Null where tree heads of the log are not anchored. */
    readonly checkpoint: string | null;
    /** Null where governance is not followed. */
    readonly governance: GovernanceAddresses | null;
  };
}

/** Everything that the API works with, made by whoever starts it. */
export interface ApiDependencies {
  readonly config: ApiSettings;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Seals and opens personal data. */
  readonly store: EventStore;
  /** Opens what read models keep sealed. */
  readonly personalData: PersonalDataCipher;
  /** Writes: sign-in nonces. */
  readonly pool: pg.Pool;
  /** Reads: the read models, perhaps of a replica. */
  readonly readPool: pg.Pool;
  readonly metrics: Registry;
  /** The newest block that the indexer has seen, for telling the lag; null where it is not known. */
  readonly chainHead: () => Promise<number | null>;
}

/** Tokens of injection: interfaces leave no trace at run time. */
export const API = {
  services: Symbol('ApiServices'),
  /** The same, reading where the projections write: a command is judged by the newest state there is. */
  commandServices: Symbol('ApiServices of commands'),
  sessions: Symbol('Sessions'),
} as const;
