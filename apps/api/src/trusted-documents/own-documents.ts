import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Made by `npm run build` (apps/web/build.mjs), the same place from src/ and from dist/. */
const file = fileURLToPath(new URL('../../../web/dist/documents.json', import.meta.url));

/** What the web app asks: it works wherever only trusted documents are answered. */
export const ownDocuments = (): readonly string[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly string[]) : [];
