export { type FileLock, holderOf, takeFileLock } from './file-lock.js';
