import { spelled } from './check.ts';
import { isObject } from './json.ts';

/** The headers that stored credentials add to each request to the upstream. */
export const upstreamHeaders = (authType: string, credentials: string | null): Record<string, string> => {
  if (authType !== 'bearer' || credentials === null || credentials === '') return {};
  const value = parsed(credentials);
  if (Array.isArray(value)) return {}; // accepted by the API, and without any effect
  if (!isObject(value)) return { authorization: `Bearer ${credentials}` };
  const headers = value['headers'];
  if (!isObject(headers)) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, spelled(each)]));
};

const parsed = (credentials: string): unknown => {
  try {
    return JSON.parse(credentials);
  } catch {
    return undefined;
  }
};
