import { AblandError, codeOf, withoutSecrets, within } from '@abland/kernel';

/** One thing that a deployment needs, by the setting that names it. */
export interface Check {
  readonly what: string;
  /** @returns what was found, in a few words. @throws where it is not as it must be */
  readonly ask: () => Promise<string>;
}

export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
  /** What to do, in one line; null where there is nothing to be done. */
  readonly advice: string | null;
}

/** What was asked answers, and not as it must. */
export class UnfitError extends AblandError {
  readonly code = 'DOCTOR_FOUND';
  override readonly failureClass = 'WRONG';

  constructor(
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

const WITHIN_MS = 15_000;

/** Asks all of them side by side, each for so long at most; none keeps another from being asked. */
export const examine = (checks: readonly Check[], withinMs = WITHIN_MS): Promise<readonly Finding[]> =>
  Promise.all(checks.map((check) => examineOne(check, withinMs)));

async function examineOne({ ask, what }: Check, withinMs: number): Promise<Finding> {
  try {
    const found = await within(withinMs, what, ask());
    return { what, ok: true, found: withoutSecrets(found), advice: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { what, ok: false, found: withoutSecrets(message).split('\n')[0] ?? '', advice: adviceOn(error) };
  }
}

/** By code, what an operator does about an error of ours. */
const ADVICE: Readonly<Record<string, string>> = {
  DATABASE_UNAVAILABLE: 'start the server, or mend host, port and firewall of this URL',
  DATABASE_REFUSED: 'mend user, password or database of this URL, or pg_hba.conf',
  DATABASE_BEHIND_POOLER: 'name the server itself, or a pooler of sessions',
  DATABASE_CONNECTIONS_TOO_FEW:
    'raise max_connections or the role’s CONNECTION LIMIT, or lower DATABASE_POOL_MAX',
  WRONG_CHAIN: 'let the provider and CHAIN_ID be of one chain',
  CHAIN_DEPLOYMENT_UNFIT:
    'give the addresses that `npm run abland -- contracts deploy` printed of this chain',
  CHAIN_RPC_UNAVAILABLE: 'start the node, mend its URL or key, or name another provider',
  LOG_STREAM_UNAVAILABLE: 'start the brokers, or mend KAFKA_BROKERS and the firewall',
  LOG_STREAM_REFUSED: 'mend KAFKA_SASL_…, or give this account the rights that docs/configuration.md lists',
  LOG_STREAM_TOPIC_MISCONFIGURED: 'give the topic this setting, or another KAFKA_TOPIC_PREFIX',
  TIME_LIMIT: 'see whether it is reached at all: a firewall that drops says nothing',
};

function adviceOn(error: unknown): string {
  if (error instanceof UnfitError) return error.advice;
  return ADVICE[codeOf(error)] ?? 'see that it runs, is reached from here and lets us in';
}
