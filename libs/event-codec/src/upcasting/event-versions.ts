export { EVENT_VERSIONS } from '@abland/domain';
