/** The name that an act is sent under: sent again, it does nothing more. */
export function newActKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `ops-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
