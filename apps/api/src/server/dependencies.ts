import type { ApprovalName } from '@abland/operations';
import type { PersonalDataCipher } from '@abland/personal-data';
import type { Clock, EventStore, Logger } from '@abland/kernel';
import type pg from 'pg';
import type { Registry } from 'prom-client';
import type { DevelopmentAccount } from '../auth/development-account.js';
import type { StoredLog } from '../audit/published-log.js';
import type { IsSignedByContract } from '../wallets/contract-wallets.js';
import type { RateCounter, RateLimits } from '../rate-limits/rate-limit.js';
import type { ServedChain } from '../served-chains/served-chain.js';
import type { HealthChecks } from '../health/readiness.js';
import type { SessionSettings } from '../sessions/session-settings.js';
import type { QueryLimits } from '../graphql/limits.js';
import type { SubscriptionLimits } from '../subscriptions/subscription-limits.js';

export interface ApiSettings {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Where browsers reach the API; sign-in messages are bound to its origin. */
  readonly publicUrl: string;
  /** Signs sessions' tokens. */
  readonly jwtSecret: string;
  /** What else they may have been signed with. Absent: nothing. */
  readonly jwtOtherSecrets?: readonly string[];
  /** Absent: the usual ones. */
  readonly sessionSettings?: Partial<SessionSettings>;
  /** Origins that browsers may call from beside the API's own; empty: none. */
  readonly corsOrigins: readonly string[];
  /** Checksummed addresses of the first super admins. */
  readonly operators: readonly string[];
  /** Whether only who was made a creator makes tokens and opens pools; absent: whoever signed in does. */
  readonly creatorsAppointed?: boolean;
  /** What a second operator has to approve; absent: nothing. */
  readonly approvals?: readonly ApprovalName[];
  /** Whether acts that take a role take the wallet's word too, each; absent: only of who turned that on. */
  readonly operatorsConfirm?: boolean;
  /** Accounts whose keys everybody knows, for a chain on which they are worth nothing; absent: none is told. */
  readonly developmentAccounts?: readonly DevelopmentAccount[];
  /** The chain that those accounts are of, for the web app's wallets; absent: it is not passed on. */
  readonly developmentRpcUrl?: string | null;
  /** Absent: nothing is counted. */
  readonly rateLimits?: RateLimits;
  /** Requests that are worked on at once; absent: the usual number. */
  readonly requestsInHandMax?: number;
  /** What one query may ask for; absent: the usual bounds. */
  readonly queryLimits?: Partial<QueryLimits>;
  /** Whether the schema may be asked for; absent: it may. */
  readonly introspection?: boolean;
  /** Whether a browser is served the explorer; absent: it is. */
  readonly explorer?: boolean;
  /** Absent: none but the web app's, and all others are answered. */
  readonly trustedDocuments?: { readonly texts: readonly string[]; readonly only: boolean };
  /** Network addresses, or ranges of them, of servers that tell truly whom they pass on (`X-Forwarded-For`). Absent: none is believed. */
  readonly trustedProxies?: readonly string[];
  /** At least one. */
  readonly chains: readonly ServedChain[];
  /** Milliseconds that a request waits for a position of the read models at most. Absent: POSITION_WITHIN_MS. */
  readonly positionWithinMs?: number;
  /** Absent: the usual ones. */
  readonly subscriptionLimits?: Partial<SubscriptionLimits>;
}

/** Everything that the API works with, made by whoever starts it. */
export interface ApiDependencies {
  readonly config: ApiSettings;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Milliseconds since the epoch by a clock that all programs have in common; absent: the database's. */
  readonly commonTime?: () => Promise<number>;
  /** Seals and opens personal data. */
  readonly store: EventStore;
  /** The same log as it is stored, which anybody may have proved. */
  readonly stored: StoredLog;
  /** Opens what read models keep sealed. */
  readonly personalData: PersonalDataCipher;
  /** Writes: sign-in nonces. The projections write there too. */
  readonly pool: pg.Pool;
  /** Reads: the read models, perhaps of a replica. */
  readonly readPool: pg.Pool;
  readonly metrics: Registry;
  /** Asks the chains' own contracts. Absent: no wallet that is a contract signs in. */
  readonly isSignedByContract?: IsSignedByContract;
  /** Where requests are counted. Absent: in this process. */
  readonly rateCounter?: RateCounter;
  /** Parts of readiness that only whoever runs the API knows of. Absent: none. */
  readonly healthChecks?: HealthChecks;
  /** The newest block of a chain in the log stream, for telling the lag; null where it is not known. */
  readonly publishedHead: (chainId: number) => Promise<number | null>;
}
