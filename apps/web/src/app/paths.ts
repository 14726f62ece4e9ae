/** The pages of the market. The server answers for these paths and for no other: apps/api/src/http/web-app.ts. */
export const PATHS = [
  '/',
  '/tokens',
  '/tokens/:address',
  '/pools',
  '/pools/:id',
  '/trade',
  '/create',
  '/analytics',
] as const;

export type Path = (typeof PATHS)[number];
