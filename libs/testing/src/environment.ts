/** Where the test run's PostgreSQL is: set by the global setup for every worker. */
export const TEST_POSTGRES_URL = 'ABLAND_TEST_POSTGRES_URL';
