import { describe, expect, it } from '@jest/globals';
import { pathOf } from './limit-requests.js';

describe('the path that a request is counted by', () => {
  it.each([
    ['/graphql?query={x}', '/graphql'],
    ['/%67raphql', '/graphql'],
    ['http://any.example/graphql', '/graphql'],
    ['/%6Cog/checkpoint#x', '/log/checkpoint'],
    ['/%E0%A4%A', '/%E0%A4%A'],
  ])('of %s is %s', (url, path) => {
    expect(pathOf(url)).toBe(path);
  });
});
