/** What the bench tells of the chain. */
export function told(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export const chainId = Number(told('BENCH_CHAIN_ID'));
export const rpcUrl = told('BENCH_RPC_URL');
export const factoryAddress = told('BENCH_FACTORY') as `0x${string}`;
export const managerAddress = told('BENCH_MANAGER') as `0x${string}`;
