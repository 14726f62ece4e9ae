/** Bundles the explorer where it is not fresh. */
export function buildExplorer(): Promise<'built' | 'fresh'>;
