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
  '/portfolio',
  '/orders',
  '/address/:address',
  '/tx/:hash',
  '/profile',
  '/governance',
  '/governance/:id',
  '/developers',
  '/admin',
  '/audit',
] as const;

export type Path = (typeof PATHS)[number];
