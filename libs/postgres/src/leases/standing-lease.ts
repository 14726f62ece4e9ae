/**
 * SQL: whether the time of a lease is not over, by the database's clock. One that ends later than any renewal lets it was renewed before
 * that clock was set back: whoever still holds it renews it by the new time within a third of its time to live, and one that nobody
 * holds must not keep others from leading until the clock is where it was. Also of a table that no time to live is kept in yet.
 * @param lease the name that `leases.leases` has in the statement
 */
export function isStanding(lease: string): string {
  const ttl = `(to_jsonb(${lease}) ->> 'ttl_ms')::float8 * interval '1 ms'`;
  return `(${lease}.expires_at > clock_timestamp() AND coalesce(${lease}.expires_at <= clock_timestamp() + 2 * ${ttl}, true))`;
}
