/** The name that an act is sent under: sent again, it does nothing more. */
export function newActKey(of: 'ops' | 'web' = 'ops'): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${of}-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
