import { ConfigError } from './config-error.js';
import { repeated } from './formats.js';
import { type Environment, read } from './variables.js';

/** Who cosigns the log's checkpoints. */
export interface LogWitnessesConfig {
  /** Each with its verifier key, as C2SP signed-note writes it, and the URL that it is asked at, without a slash at its end. */
  readonly witnesses: readonly { readonly key: string; readonly url: string }[];
  /** How many of them must have cosigned what is served; 0 where there are none. */
  readonly needed: number;
}

/** @throws ConfigError */
export function logWitnesses(env: Environment): LogWitnessesConfig {
  const witnesses = read(env, 'LOG_WITNESSES') ?? [];
  const needed = read(env, 'LOG_WITNESSES_NEEDED');
  // Who has two names has one key: what both sign is one word.
  const again = repeated(witnesses.map(({ key }) => key.split('+').slice(2).join('+')));
  if (again !== null)
    throw new ConfigError(
      'LOG_WITNESSES',
      `must hold different keys: number ${again.index + 1} has one again`,
    );
  if (needed !== undefined && needed > witnesses.length)
    throw new ConfigError(
      'LOG_WITNESSES_NEEDED',
      `must not be more than the ${witnesses.length} of LOG_WITNESSES`,
    );
  return { witnesses, needed: needed ?? majorityOf(witnesses.length) };
}

const majorityOf = (count: number): number => (count === 0 ? 0 : Math.floor(count / 2) + 1);
