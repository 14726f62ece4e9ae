import { describe, expect, it } from '@jest/globals';
import { verifiedUrl } from './verified-url.js';

describe("a database's URL", () => {
  it.each(['prefer', 'require', 'verify-ca'])('says that sslmode=%s verifies the certificate', (mode) => {
    expect(verifiedUrl(`postgres://a:b@db/x?sslmode=${mode}`)).toBe(
      'postgres://a:b@db/x?sslmode=verify-full',
    );
    expect(verifiedUrl(`postgres://a:b@db/x?a=b&sslmode=${mode}&c=d`)).toBe(
      'postgres://a:b@db/x?a=b&sslmode=verify-full&c=d',
    );
  });

  it.each([
    'postgres://a:b@db/x',
    'postgres://a:b@db/x?sslmode=disable',
    'postgres://a:b@db/x?sslmode=no-verify',
    'postgres://a:b@db/x?uselibpqcompat=true&sslmode=require',
    'postgres://a:sslmode=require@db/x',
  ])('stays as it is: %s', (url) => {
    expect(verifiedUrl(url)).toBe(url);
  });
});
