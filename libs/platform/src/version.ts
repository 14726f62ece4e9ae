/** Of this program: what package.json says, which a test holds it to. */
export const VERSION = '0.1.0';

/** What /health tells: it says nothing of what a program depends on. */
export const livenessOf = (uptimeSeconds: number): Readonly<Record<string, unknown>> => ({
  status: 'ok',
  version: VERSION,
  uptimeSeconds: Math.floor(uptimeSeconds),
});
