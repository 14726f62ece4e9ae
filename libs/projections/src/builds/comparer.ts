import type { ClientBase } from 'pg';

/** What a connection is called while it compares a build. */
export const comparerOf = (build: number): string => `abland-compares-${build}`;

/** Whoever compares a build, and by that holds up what an operator asks for, is sent away: it is compared anew if it is still there. */
export async function endComparison(client: ClientBase, build: number): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND usename = current_user AND application_name = $1`,
    [comparerOf(build)],
  );
}
