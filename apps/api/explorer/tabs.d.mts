export const explorerTabs: readonly {
  readonly query: string;
  readonly variables?: string;
  readonly headers?: string;
}[];
