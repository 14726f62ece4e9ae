export function Reorgs(_: { readonly chainId: number }) {
  return null;
}
