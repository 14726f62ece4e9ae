/** What is logged of a lost connection: node-postgres hangs the whole client on its error, with the secret of its session. */
export function loggableLoss(error: unknown): { readonly code: string | null; readonly message: string } {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code : null,
    message: typeof message === 'string' ? message : String(error),
  };
}
