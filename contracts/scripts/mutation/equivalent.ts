/** Changes that no test can notice, by the mutant's name, each with the reason. They do not count. */
export const EQUIVALENT: Readonly<Record<string, string>> = {};
