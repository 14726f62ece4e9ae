import { type RawBuilder, sql } from 'kysely';

/** What a token is ranked by: base units in the deepest pool with another token of the factory, and the decimals of that one. */
export interface Ranked {
  readonly own: bigint;
  readonly other: bigint;
  readonly decimals: number | null;
}

/** The largest number that a column of amounts holds. */
export const WORTH_MAX = 10n ** 78n - 1n;
const SCALE_DIGITS = 18;
/** Of ten: each is asked for again and again. */
const POWERS: bigint[] = [];
const powerOfTen = (exponent: number): bigint => (POWERS[exponent] ??= 10n ** BigInt(exponent));

/** What an amount of the token is worth in 10^-18 of a whole quote token, cut, at most WORTH_MAX; 0 where nothing tells. */
export function worthOf(units: bigint, { decimals, other, own }: Ranked): bigint {
  if (own === 0n || decimals === null) return 0n;
  if (units === 0n || other === 0n) return 0n;
  const up = decimals <= SCALE_DIGITS;
  const scale = powerOfTen(Math.abs(SCALE_DIGITS - decimals));
  // Cut once, of the whole fraction: by how it is scaled up or down it is the same.
  const worth = up ? (units * other * scale) / own : (units * other) / (own * scale);
  return worth < WORTH_MAX ? worth : WORTH_MAX;
}

/** The same in SQL, of a row of `token_markets`. */
export const worthSql = (units: RawBuilder<unknown>, row: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  CASE WHEN ${row}.ranked_own = 0 OR ${row}.ranked_decimals IS NULL THEN 0 ELSE least(
    div(${units} * ${row}.ranked_other * 10::numeric ^ 18, ${row}.ranked_own * 10::numeric ^ ${row}.ranked_decimals),
    ${WORTH_MAX.toString()}::numeric) END`;
