/** Block times are seconds since the epoch; the API says ISO 8601. */
export const instantOf = (seconds: number): string => new Date(seconds * 1000).toISOString();
