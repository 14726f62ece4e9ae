/** What is sent at once, so that a publisher that was followed learns it soon. */
export const SEND_LIMITS = { bytesMax: 1024 * 1024, countMax: 100 };
