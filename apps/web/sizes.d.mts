export const FIRST_PAGE_BYTES_MAX: number;
export function pageSizes(): readonly { readonly page: string; readonly bytes: number }[] | null;
